// From cell to cell by keyboard: Enter and the up and down arrows keep the column, left and right
// leave a cell at the edge of its text. Serves every table[data-lines].
const cells = (line) =>
  [...line.querySelectorAll("input:not([type=hidden], [type=checkbox]), select, textarea")].filter(
    (cell) => cell.checkVisibility(),
  );
const column = (cell) => cell.name.split("-").at(-1);

function beside(event, line) {
  const field = event.target;
  const back = event.key === "ArrowLeft";
  if (field.matches("input, textarea")) {
    const edge = back ? 0 : field.value.length;
    if (field.selectionStart !== edge || field.selectionEnd !== edge) return null;
  }
  return cells(line)[cells(line).indexOf(field) + (back ? -1 : 1)];
}

function below(event, line) {
  const choosing = event.target.matches("select") || event.target.matches("textarea");
  if (choosing && event.key !== "Enter") return null;
  const lines = [...line.closest("[data-lines]").querySelectorAll("[data-line]:not(.leaving)")];
  const next = lines[lines.indexOf(line) + (event.key === "ArrowUp" ? -1 : 1)];
  // A title between the lines has words alone; its first cell stands for all columns.
  return next && (cells(next).find((cell) => column(cell) === column(event.target)) ?? cells(next)[0]);
}

document.addEventListener("keydown", (event) => {
  const line = event.target.closest("[data-line]");
  if (!line || event.defaultPrevented || event.target.closest("button")) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const find = {
    Enter: below,
    ArrowDown: below,
    ArrowUp: below,
    ArrowLeft: beside,
    ArrowRight: beside,
  }[event.key];
  const goal = find?.(event, line);
  if (!goal) return;
  event.preventDefault();
  goal.focus();
  goal.select?.();
});

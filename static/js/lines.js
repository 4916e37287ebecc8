// The lines of a document, by keyboard alone: Enter goes to the next line and adds one at the
// end, the arrows go from cell to cell. The formset's prefix is in table[data-lines].
const cells = (line) => [...line.querySelectorAll("input:not([type=hidden], [type=checkbox]), select, textarea")];
const open = (table) => [...table.querySelectorAll("[data-line]:not(.leaving)")];
const tell = (table) => table.dispatchEvent(new Event("input", { bubbles: true }));

function add(table) {
  const total = table.closest("form").elements[`${table.dataset.lines}-TOTAL_FORMS`];
  const scrap = document.createElement("tbody");
  const template = table.closest("form").querySelector("[data-line-template]");
  scrap.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const line = scrap.querySelector("[data-line]");
  table.querySelector("[data-lines-body]").append(line);
  total.value = Number(total.value) + 1;
  globalThis.htmx?.process(line);
  return line;
}

function remove(line) {
  const table = line.closest("[data-lines]");
  const lines = open(table);
  const at = lines.indexOf(line);
  line.querySelector('[name$="-DELETE"]').checked = true;
  line.classList.add("leaving");
  const rest = open(table);
  cells(rest[Math.min(at, rest.length - 1)] ?? add(table))[0].focus();
  tell(table);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-line-add], [data-line-remove]");
  if (!button) return;
  event.preventDefault();
  if (button.matches("[data-line-remove]")) return remove(button.closest("[data-line]"));
  const line = add(button.closest("form").querySelector("[data-lines]"));
  cells(line)[0].focus();
});

function step(event, line, field) {
  const text = field.matches("input, textarea");
  const edge = { ArrowLeft: 0, ArrowRight: text ? field.value.length : 0 }[event.key];
  if (edge === undefined || (text && field.selectionStart !== edge)) return null;
  if (text && field.selectionEnd !== edge) return null;
  return cells(line)[cells(line).indexOf(field) + (event.key === "ArrowLeft" ? -1 : 1)];
}

document.addEventListener("keydown", (event) => {
  const line = event.target.closest("[data-line]");
  if (!line || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const many = event.target.matches("textarea");
  const down = event.key === "Enter" ? !event.shiftKey : event.key === "ArrowDown" && !many;
  const up = event.key === "ArrowUp" && !many;
  let goal = null;
  if ((down || up) && !(event.target.matches("select") && event.key !== "Enter")) {
    const table = line.closest("[data-lines]");
    const lines = open(table);
    const next = lines[lines.indexOf(line) + (up ? -1 : 1)];
    const place = cells(line).indexOf(event.target);
    if (next) goal = cells(next)[place];
    else if (event.key === "Enter") goal = cells(add(table))[0];
  } else goal = step(event, line, event.target);
  if (!goal) return;
  event.preventDefault();
  goal.focus();
  goal.select?.();
});

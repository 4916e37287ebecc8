// The lines of a document are added and taken out. The formset's prefix is in table[data-lines];
// a new line is that of template[data-line-template], with its number. A button says with
// data-line-add to which table, with data-kind what kind. Enter in the last line adds one, too.
const cells = (line) => [...line.querySelectorAll("input:not([type=hidden], [type=checkbox]), select, textarea")];
const open = (table) => [...table.querySelectorAll("[data-line]:not(.leaving)")];
const tell = (table) => table.dispatchEvent(new Event("input", { bubbles: true }));

function add(table, kind = "") {
  const form = table.closest("form");
  const prefix = table.dataset.lines;
  const total = form.elements[`${prefix}-TOTAL_FORMS`];
  const scrap = document.createElement("tbody");
  const template = form.querySelector(`[data-line-template="${prefix}"]`);
  scrap.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const line = scrap.querySelector("[data-line]");
  if (kind) line.querySelector('[name$="-kind"]').value = line.dataset.kind = kind;
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
  const next = rest[Math.min(at, rest.length - 1)];
  if (next) cells(next)[0].focus();
  else if (table.dataset.lines === "lines") cells(add(table))[0].focus();
  tell(table);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-line-add], [data-line-remove]");
  if (!button) return;
  event.preventDefault();
  if (button.matches("[data-line-remove]")) return remove(button.closest("[data-line]"));
  const { lineAdd: prefix, kind } = button.dataset;
  const table = button.closest("form").querySelector(`[data-lines="${prefix}"]`);
  cells(add(table, kind))[0].focus();
});

document.addEventListener("keydown", (event) => {
  const line = event.target.closest("[data-line]");
  if (!line || event.key !== "Enter" || event.shiftKey || event.defaultPrevented) return;
  const table = line.closest("[data-lines]");
  if (line !== open(table).at(-1) || event.target.closest("button")) return;
  event.preventDefault();
  cells(add(table))[0].focus();
});

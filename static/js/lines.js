// The lines of a document are added and taken out. The formset's prefix is in table[data-lines];
// a new line is the template's with its number. Enter in the last line adds one, too.
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

document.addEventListener("keydown", (event) => {
  const line = event.target.closest("[data-line]");
  if (!line || event.key !== "Enter" || event.shiftKey || event.defaultPrevented) return;
  const table = line.closest("[data-lines]");
  if (line !== open(table).at(-1) || event.target.closest("button")) return;
  event.preventDefault();
  cells(add(table))[0].focus();
});

// Searching by typing: htmx fills the list below input[data-suggest]; the arrows choose, Enter or
// a click takes. data-fill of an option names the fields of the same line (or form) to be filled.
const list = (field) => field.closest(".suggest").querySelector(".suggestions");
const options = (field) => [...list(field).querySelectorAll('[role="option"]')];

function mark(field, option) {
  for (const other of options(field)) other.setAttribute("aria-selected", String(other === option));
  option?.scrollIntoView({ block: "nearest" });
}

function close(field) {
  list(field).replaceChildren();
  field.setAttribute("aria-expanded", "false");
}

function take(field, option) {
  const home = field.closest("[data-line], form");
  for (const [name, value] of Object.entries(JSON.parse(option.dataset.fill))) {
    const target = home.querySelector(`[name="${name}"], [name$="-${name}"]`);
    if (target) target.value = value;
  }
  close(field);
  field.focus();
  const event = new Event("input", { bubbles: true });
  field.closest("form").dispatchEvent(event);
}

document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-suggest]")) return;
  const field = event.target;
  const all = options(field);
  if (!all.length) return;
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(field, all[(at + step + all.length) % all.length]);
  else if (event.key === "Enter" && at >= 0) take(field, all[at]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest('.suggestions [role="option"]');
  if (option) {
    event.preventDefault();
    take(option.closest(".suggest").querySelector("[data-suggest]"), option);
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const field = event.target.closest?.(".suggest")?.querySelector("[data-suggest]");
  field?.setAttribute("aria-expanded", String(options(field).length > 0));
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-suggest]")) close(event.target);
});

// Menus are <details data-menu>; this closes them by Esc, by a click beside them and by a choice,
// and lets the arrows walk through their entries. data-menu-key opens one by a single key.
const entries = (menu) => [...menu.querySelectorAll(".menu-items :is(a, button)")];
const typing = (element) => element.closest("input, textarea, select");

function close(menu, { focus = false } = {}) {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) close(menu);
  }
});

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("[data-menu][open]");
  if (open && event.key === "Escape") {
    event.preventDefault();
    close(open, { focus: true });
  } else if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    const all = entries(open);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const from = all.indexOf(document.activeElement);
    all[from < 0 && step < 0 ? all.length - 1 : (from + step + all.length) % all.length].focus();
  } else if (!typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const menu = document.querySelector(`[data-menu-key="${CSS.escape(event.key)}"]`);
    if (!menu) return;
    event.preventDefault();
    menu.open = !menu.open;
    if (menu.open) entries(menu)[0]?.focus();
  }
});

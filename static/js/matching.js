// Matching by keys: a button[data-key] is pressed by its key, j and k walk through the open
// transactions and show the proposals of each.
const all = () => [...document.querySelectorAll("[data-transaction]")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, select, textarea")) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (button) {
    event.preventDefault();
    button.click();
    return;
  }
  const step = { j: 1, k: -1 }[event.key];
  if (!step || !all().length) return;
  event.preventDefault();
  const at = all().findIndex((link) => link.hasAttribute("aria-current"));
  const next = all()[Math.max(0, Math.min(at + step, all().length - 1))];
  next.scrollIntoView({ block: "nearest" });
  next.click();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-transaction]");
  if (!link) return;
  for (const other of all()) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
});

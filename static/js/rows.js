// A whole table row leads where its link a[data-row-link] leads. j and k walk from row to row,
// Enter follows the link by itself (it has the focus), x ticks the row.
const links = () => [...document.querySelectorAll("a[data-row-link]")];
const busy = "a, button, input, select, textarea, label, summary";

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.target.closest(busy)) return;
  const link = event.target.closest("tr")?.querySelector("a[data-row-link]");
  if (!link || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
  else link.click();
});

document.addEventListener("auxclick", (event) => {
  if (event.button !== 1 || event.target.closest(busy)) return;
  const link = event.target.closest("tr")?.querySelector("a[data-row-link]");
  if (link) open(link.href, "_blank", "noopener");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, [data-own-keys]")) return;
  const all = links();
  if (!all.length || !["j", "k", "x"].includes(event.key)) return;
  const row = document.activeElement.closest("tr");
  const at = all.findIndex((link) => row?.contains(link));
  event.preventDefault();
  if (event.key === "x") row?.querySelector("input[type=checkbox]")?.click();
  else if (event.key === "j") all[Math.min(at + 1, all.length - 1)].focus();
  else all[Math.max(at - 1, 0)].focus();
});

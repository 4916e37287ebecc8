// Ticking rows: [data-select-all] ticks all of its table, the bulk bar appears with the number.
// Shift ticks everything between two boxes. The region is the nearest [data-selection].
let last = null;

function refresh(region) {
  const boxes = [...region.querySelectorAll("[data-select]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const all = region.querySelector("[data-select-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  for (const box of boxes) box.closest("tr")?.classList.toggle("chosen", box.checked);
  const bar = region.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = ticked === 0;
  const number = bar.querySelector("[data-bulk-count]");
  if (number) number.textContent = ticked.toLocaleString("de");
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-select]");
  if (!box) return;
  const boxes = [...box.closest("[data-selection]").querySelectorAll("[data-select]")];
  if (event.shiftKey && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const region = event.target.closest("[data-selection]");
  if (!region) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of region.querySelectorAll("[data-select]")) box.checked = event.target.checked;
  }
  refresh(region);
});

const refreshAll = () => document.querySelectorAll("[data-selection]").forEach(refresh);
document.addEventListener("DOMContentLoaded", refreshAll);
document.addEventListener("htmx:afterSettle", refreshAll);

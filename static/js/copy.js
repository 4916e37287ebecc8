// A button[data-copy] puts its text on the clipboard; it is hidden until somebody can use it.
const STAY = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button || button.dataset.done) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  button.dataset.done = "yes";
  setTimeout(() => {
    label.textContent = before;
    delete button.dataset.done;
  }, STAY);
});

// Browsers have a clipboard for HTTPS and localhost only.
document.addEventListener("DOMContentLoaded", () => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
});

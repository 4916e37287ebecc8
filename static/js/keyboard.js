// Single keys: `/` goes to the search, `n` opens "Neu", `?` shows the keys.
// Any element may ask: data-focus-key takes the focus, data-click-key is pressed.
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = CSS.escape(event.key);
  const field = document.querySelector(`[data-focus-key="${key}"]`);
  const control = document.querySelector(`[data-click-key="${key}"]`);
  if (!field && !control) return;
  event.preventDefault();
  field?.focus();
  field?.select?.();
  control?.click();
});

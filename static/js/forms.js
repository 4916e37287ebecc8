// A form[data-guard] that was changed asks before it is left, and Ctrl+S sends it.
// Any form is sent only once: its buttons wait for the answer.
const changed = new WeakSet();
const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");
const guarded = () => document.querySelector("form[data-guard]");

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-guard]")) changed.add(form);
});

document.addEventListener("submit", (event) => {
  changed.delete(event.target);
  if (event.target.method !== "post" || event.target.hasAttribute("hx-post")) return;
  setTimeout(() => {
    for (const button of buttons(event.target)) button.disabled = !event.defaultPrevented;
  });
});

// A page that comes back from the browser's cache must be usable again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form button:disabled").forEach((button) => (button.disabled = false));
});

addEventListener("beforeunload", (event) => {
  if (guarded() && changed.has(guarded())) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  const form = event.target.closest("form[data-guard]") ?? guarded();
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(buttons(form).find((button) => button.matches("[data-save]")));
});

// After a refused save the reader starts at the summary of errors.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".error-summary")?.focus();
});

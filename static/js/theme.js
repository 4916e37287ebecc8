// Light, dark or as the system has it. The cookie lets the server write html[data-theme] itself,
// so that no page flashes in the wrong colours.
const chosen = () => document.documentElement.dataset.theme ?? "";

function mark(group) {
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen()));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice] button");
  if (!button) return;
  if (button.value) document.documentElement.dataset.theme = button.value;
  else delete document.documentElement.dataset.theme;
  const age = button.value ? 31536000 : 0;
  document.cookie = `theme=${button.value}; path=/; max-age=${age}; samesite=lax`;
  mark(button.closest("[data-theme-choice]"));
});

document.addEventListener("DOMContentLoaded", () => {
  for (const group of document.querySelectorAll("[data-theme-choice]")) {
    group.hidden = false;
    mark(group);
  }
});

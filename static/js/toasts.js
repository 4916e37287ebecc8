// Toasts go away by a click; those that only confirm go by themselves, but never while one reads.
const STAY = 6000;

function arm(toast) {
  if (toast.dataset.armed) return;
  toast.dataset.armed = "yes";
  if (toast.matches(".error, .warning")) return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, STAY) : toast.remove());
  setTimeout(leave, STAY);
}

function show(id) {
  const template = document.getElementById(id);
  document.getElementById("toasts").append(template.content.cloneNode(true));
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
});

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("toasts");
  place.querySelectorAll("[data-toast]").forEach(arm);
  new MutationObserver(() => place.querySelectorAll("[data-toast]").forEach(arm)).observe(place, {
    childList: true,
  });
});

// A refused request may bring its own toast: the server names the place by HX-Retarget.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && xhr.status !== 422 && xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:responseError", () => show("toast-failed"));
document.addEventListener("htmx:sendError", () => show("toast-offline"));

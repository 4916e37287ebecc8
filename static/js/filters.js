// The filter bar keeps its address short: what is empty does not travel.
// FormData is made by the browser's own sending and by htmx alike, so one listener serves both.
document.addEventListener(
  "formdata",
  (event) => {
    if (!event.target.matches("[data-filters]")) return;
    for (const [name, value] of [...event.formData]) {
      if (value === "") event.formData.delete(name);
    }
  },
  true,
);

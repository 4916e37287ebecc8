// A place to drop files on: they land in its file input; the names are shown before sending.
// data-drop="send" sends the form at once.
function show(place) {
  const files = [...place.querySelector("input[type=file]").files];
  place.querySelector("output").textContent = files.map((file) => file.name).join("\n");
}

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!place) return;
    event.preventDefault();
    place.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind !== "drop") return;
    const input = place.querySelector("input[type=file]");
    const dropped = [...event.dataTransfer.files];
    const transfer = new DataTransfer();
    for (const file of input.multiple ? dropped : dropped.slice(0, 1)) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

document.addEventListener("change", (event) => {
  const place = event.target.closest("[data-drop]");
  if (!place) return;
  show(place);
  if (place.dataset.drop === "send") place.closest("form").requestSubmit();
});

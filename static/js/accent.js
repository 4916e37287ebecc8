// Paper takes the colour of its letterhead, which no style sheet can know: [data-accent].
function dress(root) {
  for (const paper of root.querySelectorAll("[data-accent]")) {
    paper.style.setProperty("--accent", paper.dataset.accent);
  }
}

dress(document);
document.addEventListener("htmx:afterSwap", (event) => dress(event.detail.target));

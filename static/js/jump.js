// A hint jumps to its field: a[data-jump] puts the cursor where its address points to, and so does
// an address that was followed from another page.
function jump(goal) {
  const field = goal.matches("input, select, textarea") ? goal : goal.querySelector("input, select, textarea");
  for (let box = goal.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  (field ?? goal).focus({ preventScroll: true });
  goal.scrollIntoView({ block: "center" });
  goal.classList.add("jumped");
  goal.addEventListener("animationend", () => goal.classList.remove("jumped"), { once: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-jump]");
  const goal = link && document.getElementById(link.hash.slice(1));
  if (!goal) return;
  event.preventDefault();
  jump(goal);
});

const asked = document.getElementById(location.hash.slice(1));
if (asked?.closest("form")) jump(asked);

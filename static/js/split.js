// A split shows while typing what of the transaction is left; a button[data-fill] gives a line
// what is open on it, at most what is left. Enter in an amount goes to the next line.
const number = (text) => Number(text.replaceAll(".", "").replace(",", ".")) || 0;
const written = (cents) => (cents / 100).toLocaleString("de-DE", { minimumFractionDigits: 2 });
const cents = (amount) => Math.round(amount * 100);

const lines = (form) => [...form.querySelectorAll("[data-open]")];
const kept = (line) => line.closest("tr").querySelector("[data-kept]:checked");
const due = (line) =>
  cents(Number(line.dataset.open)) - (kept(line) ? cents(Number(kept(line).dataset.kept)) : 0);

function given(line) {
  const amount = Math.abs(cents(number(line.value)));
  return Number(line.dataset.open) < 0 ? -amount : amount;
}

function left(form) {
  const total = cents(Number(form.dataset.split));
  return lines(form).reduce((rest, line) => rest - given(line), total);
}

function show(form) {
  const rest = left(form);
  const place = form.querySelector("[data-rest]");
  place.textContent = place.textContent.replace(/^\S+/, written(rest));
  place.closest(".split-rest").dataset.state = rest ? "open" : "even";
  form.querySelector("[data-credit]").hidden = !rest;
}

function fill(line) {
  const form = line.form;
  const rest = left(form) + given(line);
  const all = due(line);
  const most = all * rest > 0 ? Math.sign(all) * Math.min(Math.abs(all), Math.abs(rest)) : all;
  line.value = written(most);
  line.focus();
  show(form);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-split]");
  if (form) show(form);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (button) fill(button.closest("tr").querySelector("[data-open]"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-open]")) return;
  event.preventDefault();
  const all = lines(event.target.form);
  (all[all.indexOf(event.target) + 1] ?? event.target.form.querySelector("[data-book]")).focus();
});

// The little that pages need beyond htmx: the menu on a phone, and asking before what cannot be taken back.
const button = document.querySelector("[data-menu]");
if (button) {
  button.addEventListener("click", () => {
    const open = document.body.classList.toggle("menu-open");
    button.setAttribute("aria-expanded", String(open));
  });
}
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form) form.requestSubmit();
});
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a,button,input,label") && !window.getSelection().toString()) {
    window.location.href = row.dataset.href;
  }
});
// The search box: Ctrl-K goes there, arrows walk through what is suggested, Escape leaves it.
const box = document.querySelector("[data-search]");
if (box) {
  const input = box.querySelector("input");
  const suggested = box.querySelector(".suggested");
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  box.addEventListener("keydown", (event) => {
    const stops = [input, ...suggested.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    if (event.key === "Escape") {
      suggested.replaceChildren();
      input.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      stops[Math.min(Math.max(next, 0), stops.length - 1)].focus();
    }
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) suggested.replaceChildren();
  });
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) suggested.replaceChildren();
  });
}

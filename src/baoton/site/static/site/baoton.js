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

// Keys of a desk: a digit presses the button or follows the link that names it, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});
// A page's rows are picked together; a row with a box is picked, not opened, when the box is clicked.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-pick-all]")) return;
  for (const box of event.target.closest("form").querySelectorAll("input[name=pick]")) box.checked = event.target.checked;
});
// A link's box suggests rows while somebody types; what is chosen stands in the box as the file would say it.
document.addEventListener("input", async (event) => {
  const box = event.target;
  if (!box.matches("[data-suggest]") || box.value.length < 2) return;
  const id = `${box.id}-rows`;
  const answer = await fetch(`${box.dataset.suggest}&q=${encodeURIComponent(box.value)}`);
  if (!answer.ok) return;
  const list = document.getElementById(id) ?? document.body.appendChild(Object.assign(document.createElement("datalist"), { id }));
  box.setAttribute("list", id);
  const rows = (await answer.json()).options;
  list.replaceChildren(...rows.map((row) => Object.assign(document.createElement("option"), { value: row.value, label: row.label })));
});
// A page that is made to be printed, and the way back from one where nothing can be done.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-back]")) window.history.back();
});
// Every box of one name is ticked together; a text is copied to be pasted elsewhere.
document.addEventListener("change", (event) => {
  const name = event.target.dataset.pickEvery;
  if (!name) return;
  const boxes = event.target.closest("form").querySelectorAll(`input[name="${CSS.escape(name)}"]`);
  for (const box of boxes) box.checked = event.target.checked;
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.querySelector(button.dataset.copy);
  text.select();
  await navigator.clipboard?.writeText(text.value).catch(() => document.execCommand("copy"));
  button.textContent = button.dataset.copied;
});
// After an action the page comes back: the focus returns to the same button, or goes to the message that says what happened.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post" || !event.submitter) return;
  const mark = { action: event.target.getAttribute("action") ?? "", text: event.submitter.textContent.trim() };
  sessionStorage.setItem("acted", JSON.stringify(mark));
});
const acted = JSON.parse(sessionStorage.getItem("acted") ?? "null");
sessionStorage.removeItem("acted");
if (acted && !document.querySelector("[autofocus]")) {
  const forms = [...document.querySelectorAll("form[method=post]")].filter((form) => (form.getAttribute("action") ?? "") === acted.action);
  const button = forms.flatMap((form) => [...form.querySelectorAll("button")]).find((one) => one.textContent.trim() === acted.text);
  const message = document.querySelector("main > .message");
  const here = button ?? message;
  if (here && here === message) message.tabIndex = -1;
  here?.focus({ preventScroll: here === button });
}

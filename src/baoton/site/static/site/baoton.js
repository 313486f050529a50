// The little that pages need beyond htmx: the menu on a phone, and asking before what cannot be taken back.
const button = document.querySelector("[data-menu]");
if (button) {
  const unfold = (open) => {
    document.body.classList.toggle("menu-open", open);
    button.setAttribute("aria-expanded", String(open));
    if (open) document.getElementById("side").focus(); // the menu comes after the content, so that Tab reaches the work first
  };
  button.addEventListener("click", () => unfold(!document.body.classList.contains("menu-open")));
  document.querySelector("[data-to-menu]").addEventListener("click", () => unfold(true));
}
// Groups of the menu stay as they were left, until the browser is closed.
for (const group of document.querySelectorAll(".side details")) {
  const name = `menu-${group.querySelector("h2").textContent}`;
  const left = sessionStorage.getItem(name);
  if (left === "open") group.open = true;
  else if (left === "shut" && !group.querySelector("[aria-current]")) group.open = false;
  group.querySelector("summary").addEventListener("click", () => sessionStorage.setItem(name, group.open ? "shut" : "open"));
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
// A link's box suggests rows while somebody types, by any name; arrows and Enter choose, Escape closes.
function lists(box) {
  let list = box.parentElement.querySelector(".choices");
  if (!list) {
    list = Object.assign(document.createElement("ul"), { className: "choices", id: `${box.id}-rows`, role: "listbox" });
    box.after(list);
    for (const [name, value] of [["role", "combobox"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["aria-expanded", "false"]]) box.setAttribute(name, value);
  }
  return list;
}
function shut(box) {
  lists(box).replaceChildren();
  box.setAttribute("aria-expanded", "false");
}
function take(box, item) {
  box.value = item.dataset.value;
  shut(box);
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
document.addEventListener("input", async (event) => {
  const box = event.target;
  if (!box.matches("[data-suggest]")) return;
  shut(box); // rows found for what stood there before must not be taken by Enter
  if (box.value.length < 2) return;
  const typed = box.value;
  const answer = await fetch(`${box.dataset.suggest}&q=${encodeURIComponent(typed)}`);
  if (!answer.ok || box.value !== typed) return;
  const rows = (await answer.json()).options;
  const list = lists(box);
  list.replaceChildren(...rows.map((row, i) => {
    const item = Object.assign(document.createElement("li"), { id: `${list.id}-${i}`, role: "option", textContent: row.label });
    item.dataset.value = row.value;
    item.addEventListener("pointerdown", (press) => { press.preventDefault(); take(box, item); });
    return item;
  }));
  box.setAttribute("aria-expanded", String(rows.length > 0));
});
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-suggest]")) return;
  const items = [...lists(box).children];
  const at = items.findIndex((item) => item.ariaSelected === "true");
  if (event.key === "Escape") shut(box);
  else if (event.key === "Enter" && items.length) {
    event.preventDefault();
    take(box, items[Math.max(at, 0)]);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && items.length) {
    event.preventDefault();
    const next = items[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), items.length - 1)];
    for (const item of items) item.ariaSelected = String(item === next);
    box.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }
});
document.addEventListener("focusout", (event) => { if (event.target.matches?.("[data-suggest]")) shut(event.target); });
// A quick report stands where the phone is; the name of another species is typed beside the ones to tap.
const quick = document.querySelector("[data-gps]");
if (quick && navigator.geolocation) {
  navigator.geolocation.getCurrentPosition((found) => {
    quick.elements.longitude.value = found.coords.longitude.toFixed(6);
    quick.elements.latitude.value = found.coords.latitude.toFixed(6);
    quick.querySelector("[data-gps-said]").textContent = `${found.coords.latitude.toFixed(4)}, ${found.coords.longitude.toFixed(4)} (±${Math.round(found.coords.accuracy)} m)`;
  }, () => {}, { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
}
const other = document.querySelector("[data-other-name]");
if (other) {
  const radio = document.querySelector("[data-other]");
  const tell = () => { radio.value = other.value; if (other.value) radio.checked = true; };
  other.addEventListener("input", tell);
  other.addEventListener("change", tell);
}
// Units that exist no longer wait behind a switch.
for (const group of document.querySelectorAll("optgroup[data-behind]")) {
  const select = group.closest("select");
  const used = group.querySelector("option[selected]");
  const behind = Object.assign(document.createElement("label"), { className: "behind" });
  const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: Boolean(used) });
  behind.append(tick, ` ${group.dataset.behind}`);
  const turn = () => (tick.checked ? select.append(group) : group.remove());
  tick.addEventListener("change", (event) => { event.stopPropagation(); turn(); });
  select.closest("label").after(behind);
  turn();
}
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
// An address says only what was asked: empty boxes are left out of it.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
});
document.addEventListener("htmx:configRequest", (event) => {
  const { verb, parameters } = event.detail;
  if (verb === "get") for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});
// A kept view is the list as its address says it now.
document.addEventListener("submit", (event) => {
  const keep = event.target.closest("form[data-keep]");
  if (keep) keep.elements.query.value = window.location.search.slice(1);
});

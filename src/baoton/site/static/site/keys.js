// Keys of a list: each row, the heads, the buttons above and those of the top bar are one stop of Tab each;
// arrows walk within them. On the page of a record the buttons above and each table under it are one stop too.
// Letters work wherever nobody types: / the first box of the filter, j and k the next and the last row, x ticks it.

const ROWS = "#rows";
const writing = (target) => Boolean(target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], .map"));

// Of several things side by side Tab meets one; the arrows given walk to the others.
function oneStop(group, wanted) {
  const all = () => [...group.querySelectorAll(wanted)].filter((one) => one.getClientRects().length);
  const stop = (chosen) => { for (const one of all()) one.tabIndex = one === chosen ? 0 : -1; };
  stop(all()[0]);
  if (group.dataset.stop) return;
  group.dataset.stop = "one";
  group.addEventListener("focusin", (event) => { if (all().includes(event.target)) stop(event.target); });
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ...(group.matches("tbody") ? { ArrowDown: 1, ArrowUp: -1 } : {}) }[event.key];
    const at = all().indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    all()[Math.min(Math.max(at + step, 0), all().length - 1)].focus();
  });
}

function settle() {
  for (const box of document.querySelectorAll(`${ROWS} input[name=pick]`)) box.tabIndex = -1; // x ticks it from the row
  const heads = document.querySelector("#list thead tr");
  if (heads) oneStop(heads, "a, input");
  const acts = document.querySelector("#rows, #doing") && document.querySelector(".head .acts");
  if (acts) oneStop(acts, ":scope > a, :scope > form > button, :scope > details > summary");
  if (document.getElementById("doing")) for (const rows of document.querySelectorAll("main section.panel tbody:not(#rows)")) {
    if (!rows.querySelector("input, select, textarea, button")) oneStop(rows, "a");
  }
  const top = document.querySelector(".top-end");
  if (top) oneStop(top, ":scope > a, :scope > form > button");
  const tools = document.querySelector(".list-tools");
  if (tools) oneStop(tools, ":scope > details > summary");
}

const links = () => [...document.querySelectorAll(`${ROWS} > tr > td > a`)];

function row(step) {
  const all = links();
  const here = document.activeElement.closest?.(`${ROWS} > tr`);
  const at = all.findIndex((link) => link.closest("tr") === here);
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.focus();
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || writing(event.target)) return;
  const inRows = event.target.closest?.(`${ROWS} > tr`);
  const done = {
    j: () => row(1),
    k: () => row(-1),
    ArrowDown: () => inRows && row(1),
    ArrowUp: () => inRows && row(-1),
    x: () => { const box = inRows?.querySelector("input[name=pick]"); box?.click(); return Boolean(box); },
    "/": () => { const box = document.querySelector("main form.filters :is(input:not([type=hidden]), select)"); box?.focus(); return Boolean(box); },
  }[event.key]?.();
  if (done) event.preventDefault();
});
document.addEventListener("htmx:afterSettle", settle);
settle();

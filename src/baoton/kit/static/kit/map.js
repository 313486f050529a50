// The map of one register: our own ground, tiles through the reader's door, and a way in by keyboard.

import { FONT, INK, read, style as groundStyle, view } from "./ground.js";

const FAR = 9; // from farther away records are a glow and not numbers over every name
const NONE = "00000000-0000-0000-0000-000000000000";

for (const box of document.querySelectorAll("[data-map]")) start(box).catch((error) => fail(box, error));

function fail(box, error) {
  console.error(error);
  box.closest("[data-map-box]").querySelector("[data-said]").textContent = box.dataset.sayBroken;
  box.hidden = true;
}

async function start(box) {
  const [engine, ground] = await Promise.all([import(box.dataset.engine), read(box.dataset.base)]);
  const overlay = box.dataset.overlay ? JSON.parse(document.getElementById(box.dataset.overlay).textContent) : [];
  const at = box.dataset.at.split(",").map(Number);
  const own = overlay.filter((one) => one.kind === "shape");
  const placed = at.length === 2 && at.every(Number.isFinite);
  const map = new engine.Map({
    container: box,
    style: drawn(box, ground, overlay),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 19,
    renderWorldCopies: false,
    canvasContextAttributes: { preserveDrawingBuffer: true }, // so that a printed page holds the map
    ...(box.classList.contains("tall") ? { hash: "map" } : {}), // so that Back finds place and zoom
    locale: {
      "Map.Title": box.dataset.sayTitle,
      "NavigationControl.ZoomIn": box.dataset.sayIn,
      "NavigationControl.ZoomOut": box.dataset.sayOut,
    },
    ...(own.length ? { bounds: view(ground, [], { geometry: { coordinates: own.map((one) => one.geometry.coordinates) } }), fitBoundsOptions: { padding: 40, maxZoom: 15 } } : placed ? { center: at, zoom: 12 } : { bounds: view(ground, overlay), fitBoundsOptions: { padding: 24 } }),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new engine.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new engine.ScaleControl({ unit: "metric" }), "bottom-left");
  if (placed && !own.length) new engine.Marker({ color: "#e0a100" }).setLngLat(at).addTo(map);
  const legend = box.closest("[data-map-box]").querySelector("[data-legend]");
  layers(map, legend, ground);
  search(map, box, ground);
  legend.querySelector(ground.schematic ? "[data-edge]" : "[data-edge-official]").hidden = false;
  if (!box.dataset.tiles) return;
  const canvas = map.getCanvas();
  const mark = document.createElement("span");
  mark.className = "centre";
  box.append(mark);
  map.on("idle", () => say(map, box));
  frame(map, box);
  map.on("click", (event) => choose(engine, map, box, event.point, 6));
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    choose(engine, map, box, map.project(map.getCenter()), 26);
  });
  for (const layer of ["many", "one"]) {
    map.on("mouseenter", layer, () => (canvas.style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (canvas.style.cursor = ""));
  }
  box.map = map; // a page's own script, and the tests, may speak to it
  box.dataset.ready = "yes";
}

// The ground with the register's records over it.
function drawn(box, ground, overlay) {
  const style = groundStyle(ground, overlay);
  const { sources, layers } = style;
  if (box.dataset.tiles) {
    const query = box.dataset.query ? `?${box.dataset.query}` : "";
    sources.records = { type: "vector", tiles: [location.origin + box.dataset.tiles.replace("0/0/0", "{z}/{x}/{y}") + query], minzoom: 0, maxzoom: 18 };
    const from = { source: "records", "source-layer": "records" };
    const several = [">", ["get", "n"], 1];
    const round = { "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 };
    layers.push(
      { id: "heat", type: "heatmap", ...from, maxzoom: FAR, paint: { "heatmap-weight": ["interpolate", ["linear"], ["log10", ["+", 1, ["get", "n"]]], 0, 0.1, 4, 1], "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 6, 10, FAR, 26], "heatmap-opacity": 0.75, "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(15,91,70,0)", 0.2, "#9fd3b5", 0.5, "#f2d16b", 0.8, "#e07b39", 1, "#9c1c1c"] } },
      { id: "many", type: "circle", ...from, filter: several, paint: { "circle-color": INK.many, "circle-opacity": ["step", ["zoom"], 0, FAR, 0.88], "circle-stroke-opacity": ["step", ["zoom"], 0, FAR, 1], "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "n"]], 0.3, 9, 2, 14, 4, 21, 6, 27], ...round } },
      { id: "one", type: "circle", ...from, filter: ["!", several], paint: { "circle-color": INK.one, "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, 4.5, 14, 7], ...round } },
      { id: "number", type: "symbol", minzoom: FAR, ...from, filter: several, layout: { "text-field": short(), "text-font": FONT, "text-size": 12, "text-allow-overlap": true, "text-padding": 9 }, paint: { "text-color": "#fff" } },
    );
  }
  return style;
}

// 1250 as "1250", 12500 as "12 k", 1250000 as "1,2 tr": a circle holds few letters; the popup tells the whole number.
function short() {
  const n = ["get", "n"];
  const english = document.documentElement.lang === "en";
  const cut = (by, places) => ["number-format", ["/", n, by], { locale: document.documentElement.lang, "max-fraction-digits": places }];
  const number = ["case",
    ["<", n, 10000], ["to-string", n],
    ["<", n, 1000000], ["concat", cut(1000, 0), " k"],
    ["concat", cut(1000000, 1), english ? " M" : " tr"]];
  return ["case", ["has", "about"], ["concat", "≈", number], number];
}

function say(map, box) {
  const seen = map.queryRenderedFeatures({ layers: ["many", "one"] });
  const sum = seen.reduce((total, feature) => total + feature.properties.n, 0);
  const about = seen.some((feature) => feature.properties.about);
  const number = `${about ? "≈ " : ""}${sum.toLocaleString(document.documentElement.lang)} ${box.dataset.sayShown}`;
  const text = !sum ? box.dataset.sayNone : about ? `${number}. ${box.dataset.sayAbout}` : number;
  const said = box.closest("[data-map-box]").querySelector("[data-said]");
  if (said.textContent !== text) said.textContent = text;
}

function choose(engine, map, box, point, reach) {
  const around = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]];
  const found = map.queryRenderedFeatures(around, { layers: ["many", "one"] });
  if (!found.length) return;
  const crowd = found.find((feature) => !feature.properties.id);
  if (crowd) return open(engine, map, box, crowd);
  const once = new Map(found.map((feature) => [feature.properties.id, feature]));
  open(engine, map, box, found[0], [...once.keys()]);
}

async function open(engine, map, box, crowd, keys = []) {
  const at = crowd.geometry.coordinates;
  const z = Math.min(22, Math.min(18, Math.floor(map.getZoom())) + 4);
  const world = engine.MercatorCoordinate.fromLngLat({ lng: at[0], lat: at[1] });
  const [x, y] = [world.x, world.y].map((v) => Math.floor(v * 2 ** z));
  const asked = new URLSearchParams(box.dataset.query);
  for (const key of keys) asked.append("key", key);
  const query = asked.size ? `?${asked}` : "";
  popup(engine, map, box, at, await read(box.dataset.list.replace("0/0/0", `${z}/${x}/${y}`) + query));
}

function popup(engine, map, box, at, told) {
  const body = document.createElement("div");
  const head = document.createElement("strong");
  const lang = document.documentElement.lang;
  head.textContent = `${told.n.toLocaleString(lang)} ${box.dataset.sayHere}`;
  const list = document.createElement("ul");
  for (const record of told.records) {
    const link = document.createElement("a");
    link.href = record.url;
    link.textContent = record.name;
    const item = document.createElement("li");
    item.append(link);
    if (record.told) item.append(Object.assign(document.createElement("div"), { className: "told", textContent: record.told }));
    list.append(item);
  }
  body.append(head, list);
  if (told.more > 0) {
    const more = document.createElement("p");
    more.textContent = `… ${told.more.toLocaleString(lang)} ${box.dataset.sayMore}`;
    body.append(more);
  }
  if (map.getZoom() < 17 && told.n > 1) {
    const closer = document.createElement("button");
    closer.type = "button";
    closer.className = "quiet";
    closer.textContent = box.dataset.sayZoom;
    closer.addEventListener("click", () => {
      shown.remove();
      map.easeTo({ center: at, zoom: Math.min(18, map.getZoom() + 3) });
    });
    body.append(closer);
  }
  const shown = new engine.Popup({ maxWidth: "20rem" }).setLngLat(at).setDOMContent(body).addTo(map);
}

// Layers are switched on and off in the legend; what the ground does not have has no switch.
function layers(map, legend, ground) {
  for (const tick of legend.querySelectorAll("input[data-layer]")) {
    const names = tick.dataset.layer.split(" ");
    const given = (what) => ground.features.some((f) => f.properties.what === what);
    const has = !(names.includes("relief") && !ground.relief) && ["road", "village"].every((what) => !names.includes(what) || given(what));
    tick.closest("label").hidden = !has;
    tick.addEventListener("change", () => {
      for (const name of names) if (map.getLayer(name)) map.setLayoutProperty(name, "visibility", tick.checked ? "visible" : "none");
    });
  }
}

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
const bare = (text) => plain(text).replace(/^(xa|phuong|ban|thon|to dan pho) /, "");

// What the search box knows: communes first, then villages with their commune, each by all its names.
function findable(ground) {
  return ground.features.filter((f) => ["seat", "village"].includes(f.properties.what)).map((f) => {
    const { what, name, commune, others, rough } = f.properties;
    const shown = what === "village" && commune ? `${name}, ${commune}` : name;
    const names = [name, ...(others ?? "").split(/[;,/]/)].map(bare).filter(Boolean);
    return { shown, names, at: f.geometry.coordinates, rough, village: what === "village" };
  }).sort((a, b) => a.village - b.village);
}

// A commune or a village is found by its name, with or without tones; one of several of a name is chosen by its commune.
function search(map, box, ground) {
  const input = box.closest("[data-map-box]").querySelector("[data-find]");
  if (!input) return;
  const all = findable(ground);
  const told = document.getElementById("map-found");
  const list = document.getElementById(input.getAttribute("list"));
  list.replaceChildren(...all.map((one) => Object.assign(document.createElement("option"), { value: one.shown })));
  const say = (text, places = []) => {
    told.textContent = text;
    for (const one of places.slice(0, 12)) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: one.shown });
      button.addEventListener("click", () => go(one));
      told.append(" ", button);
    }
  };
  const go = (one) => {
    input.value = one.shown;
    say(one.rough ? box.dataset.sayRough : "");
    map.jumpTo({ center: one.at, zoom: one.village && !one.rough ? 13 : 11 });
  };
  input.addEventListener("change", () => {
    const asked = bare(input.value), whole = plain(input.value);
    if (!asked) return say("");
    let found = all.filter((one) => one.village && plain(one.shown) === whole); // one chosen with its commune
    if (!found.length) found = all.filter((one) => one.names.includes(asked));
    if (!found.length) found = all.filter((one) => one.names.some((name) => name.startsWith(asked)));
    if (found.length === 1) return go(found[0]);
    if (found.length) return say(box.dataset.sayMany, found);
    say(all.some((one) => one.village) ? box.dataset.sayUnfound : `${box.dataset.sayUnfound} ${box.dataset.sayUnlisted}`);
  });
}

// A frame drawn with the mouse or a finger narrows the records to it.
function frame(map, box) {
  const button = box.closest("[data-map-box]").querySelector("[data-frame]");
  if (!button) return;
  button.addEventListener("click", () => {
    const canvas = map.getCanvasContainer();
    map.dragPan.disable();
    for (const open of map.getContainer().querySelectorAll(".maplibregl-popup")) open.remove(); // it would take the corner
    button.setAttribute("aria-pressed", "true");
    canvas.style.cursor = "crosshair";
    const drawn = Object.assign(document.createElement("div"), { className: "frame-drawn" });
    let from = null;
    const place = (event) => { const at = canvas.getBoundingClientRect(); return [event.clientX - at.left, event.clientY - at.top]; };
    const corners = (event) => { const to = place(event); return [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])]; };
    canvas.addEventListener("pointerdown", (event) => { event.preventDefault(); from = place(event); canvas.append(drawn); }, { once: true });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [x0, y0, x1, y1] = corners(event);
      Object.assign(drawn.style, { left: `${x0}px`, top: `${y0}px`, width: `${x1 - x0}px`, height: `${y1 - y0}px` });
    });
    const done = (event) => {
      if (!from) return;
      window.removeEventListener("pointerup", done);
      const [x0, y0, x1, y1] = corners(event);
      const [a, b] = [map.unproject([x0, y1]), map.unproject([x1, y0])];
      const asked = new URLSearchParams(window.location.search);
      asked.set("box", [a.lng, a.lat, b.lng, b.lat].map((v) => v.toFixed(5)).join(","));
      window.location.search = asked.toString();
    };
    window.addEventListener("pointerup", done); // wherever the hand lets go
  });
}

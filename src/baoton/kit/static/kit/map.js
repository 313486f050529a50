// The map of one register: our own ground, tiles through the reader's door, and a way in by keyboard.

import { FONT, INK, read, style as groundStyle, view } from "./ground.js";

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
  const own = overlay.find((one) => one.kind === "shape");
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
    locale: {
      "Map.Title": box.dataset.sayTitle,
      "NavigationControl.ZoomIn": box.dataset.sayIn,
      "NavigationControl.ZoomOut": box.dataset.sayOut,
    },
    ...(own ? { bounds: view(ground, [], own), fitBoundsOptions: { padding: 40, maxZoom: 15 } } : placed ? { center: at, zoom: 12 } : { bounds: view(ground, overlay), fitBoundsOptions: { padding: 24 } }),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new engine.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new engine.ScaleControl({ unit: "metric" }), "bottom-left");
  if (placed && !own) new engine.Marker({ color: "#e0a100" }).setLngLat(at).addTo(map);
  const legend = box.closest("[data-map-box]").querySelector("[data-legend]");
  legend.querySelector(ground.schematic ? "[data-edge]" : "[data-edge-official]").hidden = false;
  if (!box.dataset.tiles) return;
  const canvas = map.getCanvas();
  const mark = document.createElement("span");
  mark.className = "centre";
  box.append(mark);
  map.on("idle", () => say(map, box));
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
      { id: "many", type: "circle", ...from, filter: several, paint: { "circle-color": INK.many, "circle-opacity": 0.88, "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "n"]], 0.3, 9, 2, 14, 4, 21, 6, 27], ...round } },
      { id: "one", type: "circle", ...from, filter: ["!", several], paint: { "circle-color": INK.one, "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, 4.5, 14, 7], ...round } },
      { id: "number", type: "symbol", ...from, filter: several, layout: { "text-field": short(), "text-font": FONT, "text-size": 12, "text-allow-overlap": true, "text-padding": 9 }, paint: { "text-color": "#fff" } },
    );
  }
  return style;
}

// 1250 as "1250", 12500 as "12 k", 1250000 as "1,2 tr": a circle holds few letters; the popup tells the whole number.
function short() {
  const n = ["get", "n"];
  const english = document.documentElement.lang === "en";
  const cut = (by, places) => ["number-format", ["/", n, by], { locale: document.documentElement.lang, "max-fraction-digits": places }];
  return ["case",
    ["<", n, 10000], ["to-string", n],
    ["<", n, 1000000], ["concat", cut(1000, 0), " k"],
    ["concat", cut(1000000, 1), english ? " M" : " tr"]];
}

function say(map, box) {
  const seen = map.queryRenderedFeatures({ layers: ["many", "one"] });
  const sum = seen.reduce((total, feature) => total + feature.properties.n, 0);
  const text = sum ? `${sum.toLocaleString(document.documentElement.lang)} ${box.dataset.sayShown}` : box.dataset.sayNone;
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
  if (once.size === 1) {
    window.location.href = box.dataset.record.replace(NONE, found[0].properties.id);
    return;
  }
  const records = [...once.values()].map((f) => ({ name: f.properties.name, url: box.dataset.record.replace(NONE, f.properties.id) }));
  popup(engine, map, box, found[0].geometry.coordinates, { n: records.length, records, more: 0 });
}

async function open(engine, map, box, crowd) {
  const at = crowd.geometry.coordinates;
  const z = Math.min(22, Math.min(18, Math.floor(map.getZoom())) + 4);
  const world = engine.MercatorCoordinate.fromLngLat({ lng: at[0], lat: at[1] });
  const [x, y] = [world.x, world.y].map((v) => Math.floor(v * 2 ** z));
  const query = box.dataset.query ? `?${box.dataset.query}` : "";
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

// The drawing map of a form: it writes the boxes beside it, which alone are sent; without it they are filled by hand.

import { read, style, view } from "./ground.js";
import { area, length } from "./measure.js";

const KIND = { Point: "point", LineString: "line", Polygon: "polygon" };
const MODE = { point: "point", line: "linestring", polygon: "polygon" };
const SHOWN = 60;

for (const root of document.querySelectorAll("[data-draw]")) {
  const fold = root.closest("details:not([open])"); // a map needs room before it can be drawn
  const begin = () => start(root).catch((error) => fail(root, error));
  if (fold) fold.addEventListener("toggle", begin, { once: true });
  else begin();
}

function fail(root, error) {
  console.error(error);
  root.querySelector("[data-told]").textContent = root.dataset.sayBroken;
  root.querySelector(".map").hidden = true;
}

function script(address) {
  return new Promise((done, broken) => {
    const tag = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: broken });
    document.head.append(tag);
  });
}

async function start(root) {
  const form = root.closest("form");
  const kinds = root.dataset.draw.split(" ");
  const box = {
    lon: form.querySelector("[name=longitude]"), lat: form.querySelector("[name=latitude]"),
    shape: form.querySelector("[name=shape]"), file: form.querySelector("[name=shape_file]"),
  };
  root.hidden = false;
  const [engine, ground] = await Promise.all([import(root.dataset.engine), read(root.dataset.base), script(root.dataset.draws)]);
  await script(root.dataset.adapter);
  const place = root.querySelector(".map");
  const map = new engine.Map({
    container: place, style: style(ground), attributionControl: false, dragRotate: false, pitchWithRotate: false,
    maxZoom: 19, renderWorldCopies: false, bounds: view(ground), fitBoundsOptions: { padding: 16 },
    locale: { "Map.Title": root.dataset.sayTitle, "NavigationControl.ZoomIn": root.dataset.sayIn, "NavigationControl.ZoomOut": root.dataset.sayOut },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new engine.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new engine.ScaleControl({ unit: "metric" }), "bottom-left");
  place.append(Object.assign(document.createElement("span"), { className: "centre" }));
  await new Promise((done) => map.once("load", done));
  new Drawing(root, map, kinds, box).begin();
}

class Drawing {
  constructor(root, map, kinds, box) {
    Object.assign(this, { root, map, kinds, box, say: root.dataset, own: "" });
    const { TerraDraw, TerraDrawPointMode, TerraDrawLineStringMode, TerraDrawPolygonMode, TerraDrawSelectMode } = window.terraDraw;
    const bend = { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } };
    const keys = { keyEvents: { finish: "Enter", cancel: "Escape" } };
    const ink = { fillColor: "#8a4b00", outlineColor: "#8a4b00", lineStringColor: "#8a4b00", pointColor: "#e0a100", pointWidth: 8 };
    this.draw = new TerraDraw({
      adapter: new window.terraDrawMaplibreGlAdapter.TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 9 }),
      modes: [
        new TerraDrawPointMode({ styles: ink }),
        new TerraDrawLineStringMode({ ...keys, styles: ink }),
        new TerraDrawPolygonMode({ ...keys, styles: ink }),
        new TerraDrawSelectMode({ flags: { point: { feature: { draggable: true } }, linestring: bend, polygon: bend }, styles: { selectionPointWidth: 7, midPointWidth: 5 } }),
      ],
    });
  }

  begin() {
    this.draw.start();
    this.draw.on("finish", (id) => this.finished(id));
    this.draw.on("change", () => this.tell());
    for (const button of this.root.querySelectorAll("[data-do]")) button.addEventListener("click", () => this.act(button.dataset.do));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      this.act("here");
    });
    for (const one of [this.box.lon, this.box.lat, this.box.shape]) one?.addEventListener("change", () => this.load());
    const form = this.root.closest("form");
    if (this.root.querySelector("[data-live]")) form.addEventListener("change", (event) => event.target === this.box.file || this.live());
    this.box.file?.addEventListener("change", () => this.file());
    this.load();
    this.root.drawing = this; // the tests may speak to it
    this.root.dataset.ready = "yes";
  }

  // A tap on an empty map is the place, where a place will do.
  get usual() {
    return MODE[this.kinds.includes("point") ? "point" : this.kinds.at(-1)];
  }

  features() {
    return this.draw.getSnapshot().filter((f) => KIND[f.geometry.type] && Object.values(MODE).includes(f.properties.mode)
      && !f.properties.selectionPoint && !f.properties.midPoint && !f.properties.closingPoint && !f.properties.snappingPoint);
  }

  mode(name) {
    this.draw.setMode(name);
    for (const button of this.root.querySelectorAll("[data-do]")) button.setAttribute("aria-pressed", String(button.dataset.do === name));
  }

  act(what) {
    if (Object.values(MODE).includes(what)) this.mode(what);
    else if (what === "select") this.choose();
    else if (what === "clear") this.put(null, true);
    else if (what === "done") this.key("Enter");
    else if (what === "undo") this.key("Escape");
    else if (what === "here") this.here();
    else if (what === "gps") this.gps();
  }

  // The first shape is selected, so that its corners can be moved at once.
  choose() {
    this.mode("select");
    const first = this.features()[0];
    if (first) this.draw.selectFeature(first.id);
  }

  key(name) {
    this.map.getCanvas().dispatchEvent(new KeyboardEvent("keyup", { key: name, bubbles: true }));
  }

  // A corner where the cross in the middle stands, as if it had been tapped: what a keyboard draws with.
  here() {
    if (this.draw.getMode() === "select") this.mode(this.usual);
    const canvas = this.map.getCanvas();
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + height / 2, button: 0, isPrimary: true, pointerId: 1, pointerType: "mouse", bubbles: true };
    for (const type of ["pointermove", "pointerdown", "pointerup"]) {
      canvas.dispatchEvent(new PointerEvent(type, { ...at, buttons: type === "pointerdown" ? 1 : 0 }));
    }
  }

  gps() {
    if (!navigator.geolocation) return this.told(this.say.sayNogps);
    this.told(this.say.sayWait);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const at = [coords.longitude, coords.latitude].map((v) => Number(v.toFixed(6)));
        if (this.kinds.includes("point") && !["linestring", "polygon"].includes(this.draw.getMode())) this.put({ type: "Point", coordinates: at }, true);
        this.map.jumpTo({ center: at, zoom: Math.max(this.map.getZoom(), 15) });
        this.told(`${this.say.sayGps} ± ${Math.round(coords.accuracy)} m`);
      },
      () => this.told(this.say.sayNogps),
      { enableHighAccuracy: true, timeout: 20000 },
    );
  }

  told(text) {
    this.root.querySelector("[data-told]").textContent = text;
  }

  // What was just drawn or moved replaces what is of another kind; a second point replaces the first.
  finished(id) {
    const last = this.draw.getSnapshotFeature(id);
    const over = this.features().filter((f) => f.id !== id && (f.geometry.type !== last.geometry.type || last.geometry.type === "Point"));
    if (over.length) this.draw.removeFeatures(over.map((f) => f.id));
    this.write();
    this.tell();
    if (this.draw.getMode() !== "select") setTimeout(() => this.choose());
  }

  // The boxes carry what stands on the map.
  write() {
    const shape = whole(this.features().map((f) => f.geometry));
    const point = shape?.type === "Point" && this.box.lon;
    if (this.box.lon) [this.box.lon.value, this.box.lat.value] = point ? shape.coordinates.map((v) => v.toFixed(6)) : ["", ""];
    if (this.box.shape) this.box.shape.value = shape && !point ? JSON.stringify(shape) : "";
    this.own = "";
    this.live();
  }

  // What the server tells of the form as it stands: asked a moment after the last move, the newest answer alone counts.
  live() {
    const place = this.root.querySelector("[data-live]");
    if (!place) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(async () => {
      this.asking?.abort();
      const mine = (this.asking = new AbortController());
      const form = this.root.closest("form");
      const sent = new FormData(form);
      sent.delete("shape_file");
      sent.append("record", form.dataset.record ?? "");
      place.setAttribute("aria-busy", "true");
      const text = await fetch(place.dataset.live, { method: "POST", body: sent, signal: mine.signal })
        .then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
      if (mine.signal.aborted) return;
      place.removeAttribute("aria-busy");
      if (text === null) return (place.textContent = place.dataset.sayFailed);
      const open = [...place.querySelectorAll("details")].map((one) => one.open);
      place.innerHTML = text;
      for (const [i, one] of place.querySelectorAll("details").entries()) one.open = open[i] ?? one.open;
    }, 200);
  }

  // The map carries what stands in the boxes.
  load() {
    const [lon, lat] = [this.box.lon, this.box.lat].map((b) => Number(b?.value.trim().replace(",", ".") || NaN));
    let shape = Number.isFinite(lon) && Number.isFinite(lat) ? { type: "Point", coordinates: [lon, lat] } : null;
    try {
      if (this.box.shape?.value.trim()) shape = JSON.parse(this.box.shape.value);
    } catch {
      this.told(this.say.sayUnread);
    }
    this.put(shape, false);
    if (shape) this.live();
  }

  // The shape stands on the map; `write` says that the boxes take it too.
  put(shape, write) {
    if (this.draw.getMode() !== "static") this.mode("select");
    this.draw.clear();
    this.own = "";
    const parts = (shape ? split(shape) : []).map((geometry) => ({ type: "Feature", geometry: rounded(geometry), properties: { mode: MODE[KIND[geometry.type]] } }));
    const taken = parts.length ? this.draw.addFeatures(parts) : [];
    if (taken.some((one) => !one.valid) || (shape && !parts.length)) {
      this.draw.clear(); // holes, or more than the drawing map can hold: the box keeps the shape as it is
      this.own = this.say.sayFixed;
    }
    if (parts.length) this.map.fitBounds(view(null, [], { geometry: { coordinates: parts.map((p) => p.geometry.coordinates) } }), { padding: 50, maxZoom: 15, animate: false });
    if (write && this.own && this.box.shape) {
      this.box.shape.value = JSON.stringify(shape);
      this.live();
    } else if (write) this.write();
    if (parts.length && !this.own) this.choose();
    else this.mode(this.usual);
    this.tell();
  }

  // Length or area, live; a table of corners for whoever types them.
  tell() {
    const parts = this.features().map((f) => f.geometry);
    const local = (n, places) => n.toLocaleString(document.documentElement.lang, { maximumFractionDigits: places });
    const ha = parts.filter((p) => p.type === "Polygon").reduce((sum, p) => sum + area(p.coordinates), 0) / 10000;
    const km = parts.filter((p) => p.type === "LineString").reduce((sum, p) => sum + length(p.coordinates), 0) / 1000;
    const point = parts.find((p) => p.type === "Point");
    const text = ha ? `${this.say.sayArea} ${local(ha, 2)} ha` : km ? `${this.say.sayLength} ${local(km, 3)} km` : point ? `${local(point.coordinates[1], 5)} · ${local(point.coordinates[0], 5)}` : this.say.sayEmpty;
    const out = this.root.querySelector("[data-measure]");
    if (out.textContent !== text) out.textContent = text;
    if (this.own) this.told(this.own);
    this.corners(parts);
  }

  corners(parts) {
    const holder = this.root.querySelector("[data-corners]");
    const ring = parts.length === 1 ? (parts[0].type === "Polygon" ? parts[0].coordinates[0].slice(0, -1) : parts[0].type === "LineString" ? parts[0].coordinates : []) : [];
    holder.hidden = !ring.length || ring.length > SHOWN || !this.box.shape;
    const list = holder.querySelector("ol");
    if (holder.hidden || list.contains(document.activeElement)) return;
    list.replaceChildren(...ring.map((at, i) => {
      const input = Object.assign(document.createElement("input"), { value: `${at[1].toFixed(6)} ${at[0].toFixed(6)}`, size: 24 });
      input.setAttribute("aria-label", `${this.say.sayCorner} ${i + 1}`);
      input.addEventListener("change", () => this.move(i, input.value));
      const item = document.createElement("li");
      item.append(input);
      return item;
    }));
  }

  // A corner typed anew; an emptied one is taken out.
  move(i, text) {
    const one = this.features()[0].geometry;
    const ring = (one.type === "Polygon" ? one.coordinates[0].slice(0, -1) : one.coordinates).map((at) => [...at]);
    const [lat, lon] = text.trim().replaceAll(",", ".").split(/[\s;]+/).map(Number);
    if (!text.trim()) ring.splice(i, 1);
    else if (Number.isFinite(lat) && Number.isFinite(lon)) ring[i] = [lon, lat];
    else return this.told(this.say.sayUnread);
    if (ring.length < (one.type === "Polygon" ? 3 : 2)) return this.told(this.say.sayFew);
    this.put(one.type === "Polygon" ? { type: "Polygon", coordinates: [[...ring, ring[0]]] } : { type: "LineString", coordinates: ring }, true);
  }

  async file(system = "") {
    const chosen = this.box.file.files[0];
    if (!chosen) return;
    const sent = new FormData();
    sent.append("file", chosen);
    sent.append("system", system);
    const answer = await fetch(this.say.reads, { method: "POST", body: sent, headers: { "X-CSRFToken": this.root.closest("form").querySelector("[name=csrfmiddlewaretoken]").value } });
    const told = await answer.json().catch(() => ({ told: this.say.sayUnread }));
    this.which(told.systems ?? [], system);
    if (!told.shapes) return this.told(told.told);
    this.box.file.value = "";
    const pick = this.root.querySelector("[data-pick]");
    pick.hidden = told.shapes.length < 2;
    pick.querySelector("select").replaceChildren(...told.shapes.map((one, i) => new Option(one.label, i)));
    pick.querySelector("select").onchange = (event) => this.put(told.shapes[event.target.value].geometry, true);
    this.put(told.shapes[0].geometry, true);
    this.told(`${chosen.name}: ${told.shapes[0].label}`);
  }

  // Where only a person knows the coordinate system of the file, the systems are offered and it is read again.
  which(systems, chosen) {
    const box = this.root.querySelector("[data-system]");
    box.hidden = !systems.length;
    const list = box.querySelector("select");
    list.replaceChildren(new Option("—", ""), ...systems.map(([code, label]) => new Option(label, code, false, code === chosen)));
    list.onchange = () => list.value && this.file(list.value);
  }
}

function split(shape) {
  if (KIND[shape.type]) return [shape];
  if (!shape.type?.startsWith("Multi")) return [];
  return shape.coordinates.map((coordinates) => ({ type: shape.type.slice(5), coordinates }));
}

function whole(parts) {
  if (parts.length < 2) return parts[0] ?? null;
  return { type: `Multi${parts[0].type}`, coordinates: parts.map((p) => p.coordinates) };
}

function rounded(geometry) {
  const short = (at) => (typeof at[0] === "number" ? at.slice(0, 2).map((v) => Number(v.toFixed(9))) : at.map(short));
  return { ...geometry, coordinates: short(geometry.coordinates) };
}

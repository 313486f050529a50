// The ground every map stands on: communes, rivers, names; what lies over it is the caller's.

export const INK = { land: "#f4f1e6", ward: "#efe6d2", edge: "#6d7f77", river: "#3f7fb0", one: "#b3261e", many: "#0f5b46", hull: "#6a3d9a", cells: "#c26a00", shape: "#8a4b00" };
export const FONT = ["sans-serif"];

export async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

// The box of the whole ground and what lies over it; of `only` alone where that is given.
export function view(ground, overlay = [], only = null) {
  const bounds = only ? [180, 90, -180, -90] : [...ground.bounds];
  const widen = (point) => {
    if (typeof point[0] !== "number") return point.forEach(widen);
    bounds[0] = Math.min(bounds[0], point[0]);
    bounds[1] = Math.min(bounds[1], point[1]);
    bounds[2] = Math.max(bounds[2], point[0]);
    bounds[3] = Math.max(bounds[3], point[1]);
  };
  for (const one of only ? [only] : overlay) widen(one.geometry.coordinates);
  return bounds;
}

export function style(ground, overlay = []) {
  const only = (what) => ({ type: "FeatureCollection", features: ground.features.filter((f) => f.properties.what === what) });
  const sources = {
    commune: { type: "geojson", data: only("commune") },
    edge: { type: "geojson", data: only("edge") },
    seat: { type: "geojson", data: only("seat") },
    river: { type: "geojson", data: only("river") },
    road: { type: "geojson", data: only("road") },
    village: { type: "geojson", data: only("village") },
  };
  if (ground.relief) sources.relief = { type: "image", url: ground.relief.address, coordinates: ground.relief.corners };
  const halo = { "text-halo-color": "#fff", "text-halo-width": 1.6 };
  const edge = { "line-color": INK.edge, "line-width": 1.1, ...(ground.schematic ? { "line-dasharray": [3, 2] } : {}) };
  const layers = [
    { id: "sea", type: "background", paint: { "background-color": "#e9f0ec" } },
    { id: "land", type: "fill", source: "commune", paint: { "fill-color": ["match", ["get", "kind"], "phường", INK.ward, INK.land] } },
    ...(ground.relief ? [{ id: "relief", type: "raster", source: "relief", paint: { "raster-opacity": 0.55, "raster-fade-duration": 0 } }] : []),
    { id: "road", type: "line", source: "road", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": "#b08a5a", "line-width": ["interpolate", ["linear"], ["zoom"], 7, 0.7, 12, 2.2] } },
    { id: "river", type: "line", source: "river", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": INK.river, "line-width": ["interpolate", ["linear"], ["zoom"], 7, 1.4, 12, 3.5], "line-opacity": 0.75 } },
    { id: "edge", type: "line", source: "edge", paint: edge },
  ];
  for (const [i, one] of overlay.entries()) {
    sources[`over${i}`] = { type: "geojson", data: { type: "Feature", properties: {}, geometry: one.geometry } };
    const color = INK[one.kind] || INK.hull;
    layers.push({ id: `over${i}-fill`, type: "fill", source: `over${i}`, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": color, "fill-opacity": one.deep === undefined ? (one.kind === "cells" ? 0.22 : 0.1) : 0.2 + 0.17 * one.deep } });
    layers.push({ id: `over${i}-line`, type: "line", source: `over${i}`, paint: { "line-color": color, "line-width": one.kind === "cells" ? 1 : 2 } });
    if (one.dots) layers.push({ id: `over${i}-dots`, type: "circle", source: `over${i}`, paint: { "circle-color": color, "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 } });
  }
  layers.push(
    { id: "seat", type: "symbol", source: "seat", minzoom: 7, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 7, 9.5, 8, 10.5, 12, 14], "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 0.9 }, paint: { "text-color": "#33443d", ...halo } },
    { id: "village", type: "circle", source: "village", minzoom: 10, filter: ["!", ["get", "rough"]], paint: { "circle-color": "#fff", "circle-radius": 3, "circle-stroke-color": "#33443d", "circle-stroke-width": 1.2 } },
    { id: "village-name", type: "symbol", source: "village", minzoom: 11.5, filter: ["!", ["get", "rough"]], layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.6 }, paint: { "text-color": "#4c5b55", ...halo } },
    { id: "river-name", type: "symbol", source: "river", minzoom: 7, layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-size": 11.5 }, paint: { "text-color": "#1f5c8a", ...halo } },
  );
  return { version: 8, sources, layers };
}

// Lengths and areas on the WGS84 ellipsoid, near enough to show while somebody draws; what is kept is computed anew.

const A = 6378137, F = 1 / 298.257223563, E2 = F * (2 - F), E = Math.sqrt(E2);
const rad = (degrees) => (degrees * Math.PI) / 180;
// q of the authalic latitude: areas between parallels are exact with it.
const q = (sin) => (1 - E2) * (sin / (1 - E2 * sin * sin) - Math.log((1 - E * sin) / (1 + E * sin)) / (2 * E));

// Square metres of a polygon: its first ring without its holes.
export function area(rings) {
  const ring = (points) => {
    let sum = 0;
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i], points[i + 1]];
      sum += rad(b[0] - a[0]) * (q(Math.sin(rad(a[1]))) + q(Math.sin(rad(b[1]))));
    }
    return Math.abs((sum * A * A) / 4);
  };
  return ring(rings[0]) - rings.slice(1).reduce((sum, hole) => sum + ring(hole), 0);
}

// Metres along a line: each leg by the radii of curvature in its middle.
export function length(points) {
  let sum = 0;
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b] = [points[i], points[i + 1]];
    const lat = rad((a[1] + b[1]) / 2), w = 1 - E2 * Math.sin(lat) ** 2;
    const north = (A * (1 - E2)) / w ** 1.5, east = (A / Math.sqrt(w)) * Math.cos(lat);
    sum += Math.hypot(rad(b[1] - a[1]) * north, rad(b[0] - a[0]) * east);
  }
  return sum;
}

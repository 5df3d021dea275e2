// The surface and the paths as Plotly takes them: gaps for what is not finite, colours and levels by the loss's size.

const FLATTEST = 1e-4; // the least loss that is told from 0, as a part of the greatest
const LEAST = 1e-12;
const LEVELS = 12;

/** A heat map of the loss, and its level lines: `values` has a row for each b, from the lowest on. */
export function surfaceOf(values, extent, colours) {
  const size = Math.round(Math.sqrt(values.length));
  const axis = Array.from({ length: size }, (_, i) => -extent + (2 * extent * i) / (size - 1));
  const rows = axis.map((_, i) => Array.from(values.subarray(i * size, (i + 1) * size), finite));
  const [low, high] = ends(values);
  const lowest = Math.max(low, high * FLATTEST, LEAST);
  const shared = { x: axis, y: axis, xaxis: "x", yaxis: "y", showscale: false };
  return [
    {
      ...shared, type: "heatmap", name: "surface", z: rows, zsmooth: false, zmin: low, zmax: high,
      colorscale: scaleOf(colours, low, lowest, high),
      hovertemplate: "w = %{x:.2f}<br>b = %{y:.2f}<br>loss = %{z:.4f}<extra></extra>",
    },
    {
      ...shared, type: "contour", name: "levels", hoverinfo: "skip", autocontour: false,
      z: rows.map((row) => row.map((one) => (one === null ? null : Math.log10(Math.max(one, lowest))))),
      contours: {
        coloring: "none", start: Math.log10(lowest), end: Math.log10(high + LEAST), size: step(lowest, high),
      },
      line: { color: "rgba(255,255,255,0.5)", width: 1 },
    },
  ];
}

/** The places of each run, by its number; a gap where a descent has ended. */
export function paths(arrays, runs) {
  return Array.from({ length: runs }, (_, run) => {
    const name = run ? `path ${run + 1}` : "path";
    return { x: Array.from(arrays[`${name}.w`], finite), y: Array.from(arrays[`${name}.b`], finite) };
  });
}

/** The slider's step that is nearest to a number. */
export function onScale({ min, max, step: grid, decimals }, number) {
  return Number((Math.round(Math.min(Math.max(number, min), max) / grid) * grid).toFixed(decimals));
}

function finite(value) {
  return Number.isFinite(value) ? value : null;
}

function ends(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** Equal factors of the loss are equal steps of colour: else the valley would be one flat stain. */
function scaleOf(colours, low, lowest, high) {
  const last = colours.length - 1;
  const reach = high - low;
  if (!(reach > 0)) return colours.map((colour, i) => [i / last, colour]);
  return colours.map((colour, i) => {
    const value = lowest * (high / lowest) ** (i / last);
    const share = i === 0 ? 0 : i === last ? 1 : (value - low) / reach;
    return [Math.min(Math.max(share, 0), 1), colour];
  });
}

function step(lowest, high) {
  return Math.max(Math.log10(Math.max(high, LEAST) / lowest) / LEVELS, LEAST);
}

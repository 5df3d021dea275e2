// How a Plotly figure looks here: the theme's colours by their meaning, and what all figures have in common.

import { typeScale } from "../shell/type_size.js";

const LETTER = 0.55; // the usual width of a bold letter, in its height

/** The wheel comes to a figure only where it is meant to zoom: see WheelFilter. */
export const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset", scrollZoom: true };

/** The theme's colours and font at this place, by their meaning. */
export function coloursOf(root) {
  const style = getComputedStyle(root);
  const theme = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    value: theme("blue-color"),
    gradient: theme("orange-color"),
    grab: theme("primary-color"),
    broken: theme("red-color"),
    minus: theme("violet-color"),
    surface: theme("secondary-background-color"),
    ink: theme("text-color"),
    line: theme("border-color"),
    font: theme("font"),
  };
}

/**
 * A layout of the server's with colours, size, and fonts in the type's size; titles of y-axes become headings above
 * their subplots.
 */
export function dress(layout, size, { ink, line, font, surface }) {
  const scale = typeScale();
  const dressed = {
    ...structuredClone(layout),
    ...size,
    margin: { l: 34 * scale, r: 10 * scale, t: 14, b: 22 * scale },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: font, color: ink, size: 13 * scale },
    hoverlabel: { bgcolor: surface, font: { color: ink, size: 14 * scale } },
    showlegend: false,
    uirevision: "kept",
    annotations: [],
  };
  for (const [key, axis] of Object.entries(dressed)) {
    if (!/^[xy]axis/.test(key)) continue;
    Object.assign(axis, { gridcolor: line, zerolinecolor: line, tickfont: { size: 12 * scale }, fixedrange: false });
    if (axis.title) dressed.annotations.push(heading(axis, key, scale, size.width));
    delete axis.title;
  }
  return dressed;
}

/** Above its subplot, in letters small enough for a narrow figure. */
function heading(axis, key, scale, width) {
  const number = key.replace("yaxis", "");
  const fitting = (width - 44 * scale) / (LETTER * axis.title.text.length);
  return {
    text: `<b>${axis.title.text}</b>`, showarrow: false, xref: `x${number} domain`, yref: `y${number} domain`,
    x: 0, y: 1, xanchor: "left", yanchor: "bottom", yshift: 2, font: { size: Math.min(14 * scale, fitting) },
  };
}

/** A copy of a trace of the server's, in the theme's colours; markers without one of their own have their line's. */
export function painted(trace, colours) {
  const copy = structuredClone(trace);
  const { line, marker } = copy;
  if (line) line.color = colours[line.color];
  if (marker) marker.color = marker.color ? colours[marker.color] : line?.color;
  if (marker?.line) marker.line.color = colours[marker.line.color];
  return copy;
}

export function whenIdle(action) {
  if (window.requestIdleCallback) requestIdleCallback(action, { timeout: 1000 });
  else setTimeout(action, 300);
}

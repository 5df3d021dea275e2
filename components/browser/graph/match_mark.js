// The mark of all nodes that a search has found: one path of rings, as thousands of elements would be styled anew.

import { svgElement } from "../shell/dom.js";

const APART = 5; // units of the drawing between a card and its ring

/** Marks these nodes of a drawing; returns how to unmark them. */
export function markMatches(svg, nodes) {
  if (!nodes.length) return () => {};
  const d = nodes.map(({ box }) => ring(box)).join("");
  const mark = svgElement("path", { class: "matches", d, "data-count": nodes.length, "aria-hidden": "true" });
  svg.append(mark);
  return () => mark.remove();
}

function ring({ x, y, width, height }) {
  const along = width + 2 * APART;
  return `M${x - APART} ${y - APART}h${along}v${height + 2 * APART}h${-along}z`;
}

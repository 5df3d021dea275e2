// The mark of a node at which something was found wrong: a ring around its card, a sign at its corner, and what it is.

import { svgElement } from "../shell/dom.js";

const APART = 5; // units of the drawing between a card and its ring
const LETTER = 7; // of a title
const LINE = 20;
const ABOVE = 13; // from a card up to what stands above it
const FRAME_START = 18; // from a frame's left end to its title
const FRAME_LETTER = 8;
const SIGNS = { fault: "!", question: "?" };

/** Marks a node of a drawing, whose box it is; `title` stands at it ("": nothing does). Returns how to unmark it. */
export function markFound(root, drawing, { title, text, asks }) {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => placeOf(root, name));
  const kind = asks ? "question" : "fault";
  const size = { x: x - APART, y: y - APART, width: width + 2 * APART, height: height + 2 * APART, rx: 13 };
  const sign = svgElement("text", { class: "sign", x: x + width, y: y + 5 }, [SIGNS[kind]]);
  const mark = svgElement("g", { class: `found-mark ${kind}`, "aria-hidden": "true" }, [
    svgElement("rect", { class: "ring", ...size }),
    svgElement("circle", { class: "corner", cx: x + width, cy: y, r: 10 }),
    sign,
    svgElement("text", { class: "what", ...placeOfTitle(title, { x, y, width, height }, drawing) }, [title]),
  ]);
  root.append(mark);
  root.setAttribute("aria-description", text.replaceAll("`", ""));
  return () => {
    mark.remove();
    root.removeAttribute("aria-description");
  };
}

/**
 * Above the card, or below it in an upright drawing and at the upper end; from its left side or, at the drawing's right
 * end, up to its right one: the first of these places where no frame has its title.
 */
export function placeOfTitle(title, { x, y, width, height }, { frameTitles, ...drawing }) {
  const isAtEnd = x + title.length * LETTER > drawing.x + drawing.width;
  const [above, below] = [y - ABOVE, y + height + LINE];
  const levels = drawing.isUpright || y - LINE < drawing.y ? [below] : [above, below];
  const starts = isAtEnd ? [] : [{ x, "text-anchor": "start" }];
  const ends = [...starts, { x: x + width, "text-anchor": "end" }];
  const places = levels.flatMap((level) => ends.map((end) => ({ ...end, y: level })));
  const isFree = (place) => !frameTitles.some((box) => overlap(box, boxOf(place, title)));
  return places.find(isFree) ?? places[0];
}

/** The boxes of what frames of a drawing are called: left, top, right and bottom. */
export function frameTitlesOf(svg) {
  return [...svg.querySelectorAll(".cluster")].map((cluster) => {
    const [left, top] = cluster.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
    const title = cluster.querySelector(".title").textContent;
    return [left, top - LINE / 2, left + FRAME_START + title.length * FRAME_LETTER, top + LINE / 2];
  });
}

function boxOf({ x, y, "text-anchor": anchor }, title) {
  const left = anchor === "end" ? x - title.length * LETTER : x;
  return [left, y - ABOVE, left + title.length * LETTER, y];
}

function overlap([left, top, right, bottom], other) {
  return left < other[2] && other[0] < right && top < other[3] && other[1] < bottom;
}

function placeOf(root, name) {
  return Number(root.querySelector(".card").getAttribute(name));
}

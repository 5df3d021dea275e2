// The mark of a node at which something was found wrong: a ring around its card, a sign at its corner, and what it is.

import { svgElement } from "../shell/dom.js";

const APART = 5; // units of the drawing between a card and its ring
const LETTER = 7; // of a title
const LINE = 20;
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

/** Above the card, or below it in an upright drawing and at the upper end; it goes to the left at the right end. */
function placeOfTitle(title, { x, y, width, height }, drawing) {
  const isAtEnd = x + title.length * LETTER > drawing.x + drawing.width;
  const isBelow = drawing.isUpright || y - LINE < drawing.y;
  return {
    x: isAtEnd ? x + width : x, "text-anchor": isAtEnd ? "end" : "start",
    y: isBelow ? y + height + LINE : y - 13,
  };
}

function placeOf(root, name) {
  return Number(root.querySelector(".card").getAttribute(name));
}

// The marks of nodes that differ from those of a second graph: a sign on the upper edge of a card, and a ring around
// one that the other graph has not.

import { svgElement } from "../shell/dom.js";

const LETTER = 7; // of a sign
const PILL = { x: 22, height: 15, beside: 13 }; // where it begins, and room beside its letters
const APART = 5; // units of the drawing between a card and its ring
const MOST_QUIET = 1_000; // nodes of a drawing up to which other numbers are marked, too

export class DifferenceMarks {
  constructor() {
    this.made = [];
  }

  /** Shows `marks` in a drawing: by id of a node its kind, its sign, and what differs; null: none. */
  show({ svg, nodes }, marks = null) {
    if (this.svg === svg && this.marks === marks) return;
    Object.assign(this, { svg, marks });
    for (const unmark of this.made.splice(0)) unmark();
    if (!marks) return;
    const isMarked = ({ id }) => Object.hasOwn(marks, id) && (marks[id][0] !== "numbers" || nodes.length <= MOST_QUIET);
    this.made = nodes.filter(isMarked).map(({ root, id }) => markNode(root, marks[id]));
  }
}

/** Marks one node; returns how to unmark it. */
function markNode(root, [kind, sign, text]) {
  const card = root.querySelector(".card");
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(card.getAttribute(name)));
  const size = { x: x - APART, y: y - APART, width: width + 2 * APART, height: height + 2 * APART, rx: 13 };
  const ring = kind === "only" ? [svgElement("rect", { class: "ring", ...size })] : [];
  const pill = { x: x + PILL.x, y: y - PILL.height / 2 + 0.5, height: PILL.height, rx: PILL.height / 2 };
  const room = sign.length * LETTER + PILL.beside;
  const mark = svgElement("g", { class: `difference-mark ${kind}`, "aria-hidden": "true" }, [
    ...ring,
    svgElement("rect", { class: "pill", ...pill, width: room }),
    svgElement("text", { class: "sign", x: pill.x + room / 2, y: y + 4.5 }, [sign]),
  ]);
  root.append(mark);
  root.setAttribute("aria-description", text);
  return () => {
    mark.remove();
    root.removeAttribute("aria-description");
  };
}

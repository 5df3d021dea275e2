// Shades, beneath Plotly's drawing and by Plotly's own axes, where the loss is inf or nan or its gradient is dead.

import { setAttributes, setText, svgElement } from "../../browser/shell/dom.js";
import { typeScale } from "../../browser/shell/type_size.js";

const LABELS = {
  infinite: ["∞"],
  undefined: ["nan"],
  dead: ["gradient 0", "grad 0", "0"],
  lost: ["gradient lost", "lost"],
};
const SENTENCES = {
  infinite: "the loss is infinite",
  undefined: "the loss is not a number",
  dead: "the gradient is 0, though the closed form's is not",
  lost: "more than nine tenths of the gradient are lost",
};
const HATCHES = { infinite: "M0,8L8,0", undefined: "M0,8L8,0M0,0L8,8", dead: "", lost: "" };
const HATCH_PX = 8;
const FONT_PX = 12; // times the size of type
const LABEL_HEIGHT = 0.28; // clear of the curves of a dead gradient: at the loss's end and at 0
const PADDING_PX = 4;

export class Bands {
  constructor() {
    const size = { width: HATCH_PX, height: HATCH_PX };
    const patterns = Object.entries(HATCHES).map(([kind, d]) => {
      const lines = [svgElement("rect", size), svgElement("path", { d })];
      return svgElement("pattern", { id: `band-${kind}`, patternUnits: "userSpaceOnUse", ...size }, lines);
    });
    this.under = layer([svgElement("defs", {}, patterns)]);
    this.over = layer();
    this.plots = [];
    this.drawn = [];
    this.widths = new Map();
  }

  /**
   * Draws the stretches of each subplot's curve; nothing is touched where they and the axes are as they were. A subplot
   * has its `part` and `of`, its axes, its `stretches`, and where the visitor stands (`here`).
   */
  place(subplots) {
    while (this.plots.length > subplots.length) for (const plot of this.plots.pop()) plot.remove();
    this.drawn.length = subplots.length;
    subplots.forEach(({ part, of, axes: { x, y }, stretches, here }, i) => {
      const beyond = of === "loss" && here.loss > y.range[1] ? here : null;
      const drawn = JSON.stringify([part, of, x, y, stretches, beyond]);
      if (this.drawn[i] === drawn) return;
      this.drawn[i] = drawn;
      const plot = (this.plots[i] ??= [this.under, this.over].map((one) => one.appendChild(svgElement("svg"))));
      const place = { x: x.offset, y: y.offset, width: x.length, height: y.length, "data-part": part, "data-of": of };
      for (const one of plot) setAttributes(one, place);
      this.fill(plot, stretches, x, y.length);
      this.point(plot[1], beyond, x);
    });
  }

  fill([under, over], stretches, x, height) {
    over.querySelector(".beyond")?.remove();
    for (const one of [under, over]) while (one.childElementCount > stretches.length) one.lastChild.remove();
    stretches.forEach(([kind, from, to], i) => {
      const rect = under.children[i] ?? under.appendChild(svgElement("rect"));
      const label = over.children[i] ?? over.appendChild(svgElement("text"));
      const [left, right] = [from, to].map((end) => Math.min(Math.max(x.toPixels(end), 0), x.length));
      const data = { "data-kind": kind, "data-from": from, "data-to": to };
      setAttributes(rect, { x: left, width: right - left, height, fill: `url(#band-${kind})`, ...data });
      setAttributes(label, { x: (left + right) / 2, y: height * LABEL_HEIGHT });
      setText(label, LABELS[kind].find((text) => this.width(text) + 2 * PADDING_PX <= right - left) ?? "");
    });
  }

  /** Says how far above the plot the visitor stands, where the marker cannot be seen. */
  point(over, beyond, x) {
    if (!beyond) return;
    const label = over.appendChild(svgElement("text", { class: "beyond", y: FONT_PX * typeScale() }));
    label.textContent = `↑ here: ${beyond.loss.toFixed(beyond.loss < 99.95 ? 1 : 0)}`;
    const half = this.width(label.textContent) / 2 + PADDING_PX;
    setAttributes(label, { x: Math.min(Math.max(x.toPixels(beyond.at), half), x.length - half) });
  }

  /** A label's width in pixels, measured once, without laying out the page. */
  width(text) {
    const font = `600 ${FONT_PX * typeScale()}px`;
    const key = `${font} ${text}`;
    if (!this.widths.has(key)) {
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = `${font} ${getComputedStyle(this.under).fontFamily}`;
      this.widths.set(key, pen.measureText(text).width);
    }
    return this.widths.get(key);
  }
}

function layer(children = []) {
  return svgElement("svg", { class: "bands", "aria-hidden": "true" }, children);
}

/** What is shaded, in words; `stretches` by the name of the input that the curves are drawn over. */
export function sentence(stretches) {
  const sentences = Object.entries(stretches).map(([name, bands]) => {
    const words = bands.map(([kind, from, to]) => `${SENTENCES[kind]} from ${number(from)} to ${number(to)}`);
    return words.length ? `Against ${name}: ${words.join("; ")}.` : "";
  });
  return sentences.filter(Boolean).join(" ");
}

function number(value) {
  return String(value).replace("-", "−");
}

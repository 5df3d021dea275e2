// Shades, beneath Plotly's drawing and by Plotly's own axes, where the loss is inf or nan or its gradient is dead.

const SVG = "http://www.w3.org/2000/svg";
const LABELS = { infinite: ["∞"], undefined: ["nan"], dead: ["gradient 0", "grad 0", "0"], lost: ["gradient lost", "lost"] };
const SENTENCES = { infinite: "the loss is infinite", undefined: "the loss is not a number", dead: "the gradient is 0, though the closed form's is not", lost: "more than nine tenths of the gradient are lost" };
const HATCHES = { infinite: "M0,8L8,0", undefined: "M0,8L8,0M0,0L8,8", dead: "", lost: "" };
const FONT_PX = 12;
const LABEL_HEIGHT = 0.28; // clear of the curves of a dead gradient: at the loss's end and at 0
const PADDING_PX = 4;

export class Bands {
  constructor() {
    const patterns = Object.entries(HATCHES).map(([kind, d]) =>
      svg("pattern", { id: `band-${kind}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, [
        svg("rect", { width: 8, height: 8 }),
        svg("path", { d }),
      ]),
    );
    this.under = svg("svg", { class: "bands", "aria-hidden": "true" }, [svg("defs", {}, patterns)]);
    this.over = svg("svg", { class: "bands", "aria-hidden": "true" });
    this.plots = [];
    this.drawn = [];
    this.widths = new Map();
  }

  /** Draws the stretches of each subplot's curve; nothing is touched where they and the axes are as they were. */
  place(layout, traces, rows, spots) {
    while (this.plots.length > traces.length) for (const plot of this.plots.pop()) plot.remove();
    this.drawn.length = traces.length;
    traces.forEach(({ part, of, xaxis, yaxis }, i) => {
      const [x, y] = [layout[xaxis.replace("x", "xaxis")], layout[yaxis.replace("y", "yaxis")]];
      const { stretches } = rows[part];
      const beyond = of === "loss" && spots[part].loss > y.range[1] ? spots[part] : null;
      const drawn = JSON.stringify([part, of, x._offset, x._length, x.range, y._offset, y._length, stretches, beyond]);
      if (this.drawn[i] === drawn) return;
      this.drawn[i] = drawn;
      const plot = (this.plots[i] ??= [this.under, this.over].map((layer) => layer.appendChild(svg("svg"))));
      const place = { x: x._offset, y: y._offset, width: x._length, height: y._length, "data-part": part, "data-of": of };
      for (const layer of plot) set(layer, place);
      this.fill(plot, stretches, x, y._length);
      this.point(plot[1], beyond, x);
    });
  }

  fill([under, over], stretches, x, height) {
    over.querySelector(".beyond")?.remove();
    for (const layer of [under, over]) while (layer.childElementCount > stretches.length) layer.lastChild.remove();
    stretches.forEach(([kind, from, to], i) => {
      const rect = under.children[i] ?? under.appendChild(svg("rect"));
      const label = over.children[i] ?? over.appendChild(svg("text"));
      const [left, right] = [x.l2p(from), x.l2p(to)].map((end) => Math.min(Math.max(end, 0), x._length));
      set(rect, { x: left, width: right - left, height, fill: `url(#band-${kind})`, "data-kind": kind, "data-from": from, "data-to": to });
      set(label, { x: (left + right) / 2, y: height * LABEL_HEIGHT });
      const text = LABELS[kind].find((said) => this.width(said) + 2 * PADDING_PX <= right - left) ?? "";
      if (label.textContent !== text) label.textContent = text;
    });
  }

  /** Says how far above the plot the visitor stands, where the marker cannot be seen. */
  point(over, beyond, x) {
    if (!beyond) return;
    const label = over.appendChild(svg("text", { class: "beyond", y: FONT_PX }));
    label.textContent = `↑ here: ${beyond.loss.toFixed(beyond.loss < 99.95 ? 1 : 0)}`;
    const half = this.width(label.textContent) / 2 + PADDING_PX;
    set(label, { x: Math.min(Math.max(x.l2p(beyond.at), half), x._length - half) });
  }

  /** A label's width in pixels, measured once, without laying out the page. */
  width(text) {
    if (!this.widths.has(text)) {
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = `600 ${FONT_PX}px ${getComputedStyle(this.under).fontFamily}`;
      this.widths.set(text, pen.measureText(text).width);
    }
    return this.widths.get(text);
  }
}

/** What is shaded, in words. */
export function sentence(names, rows) {
  const said = names.map((name) => {
    const stretches = rows[name].stretches.map(([kind, from, to]) => `${SENTENCES[kind]} from ${number(from)} to ${number(to)}`);
    return stretches.length ? `Against ${name}: ${stretches.join("; ")}.` : "";
  });
  return said.filter(Boolean).join(" ");
}

function number(value) {
  return String(value).replace("-", "−");
}

function svg(tag, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, tag);
  set(made, attributes);
  made.append(...children);
  return made;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// How far a difference quotient can be trusted, and how the gradient at z comes about.

import { dress, painted } from "../../browser/figure/figure.js";
import { LivePlot } from "../../browser/figure/live_plot.js";
import { setEquation } from "../../browser/maths/typeset.js";
import { placesIn } from "../../browser/readouts/readouts.js";
import { element, fromHtml, setText } from "../../browser/shell/dom.js";

const REST_MS = 140;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Numbers are asked for, and drawn, only while a section of it is open. */
export default class ErrorAnalysis {
  constructor(root, { line, part }) {
    Object.assign(this, { line, name: part.name });
    this.root = root.appendChild(fromHtml(part.html));
    this.sections = [...this.root.querySelectorAll("details")];
    this.places = placesIn(this.root);
    this.lines = this.root.querySelector(".lines");
    this.slider = this.root.querySelector("input");
    this.output = this.root.querySelector("output");
    this.plot = new ErrorPlot(this.root, this.root.querySelector(".plot"));
    for (const section of this.sections) section.addEventListener("toggle", () => this.toggled());
    this.slider.addEventListener("input", () => this.choose(false));
    this.slider.addEventListener("change", () => this.choose(true));
  }

  close() {
    this.plot.close();
  }

  recolour() {
    this.plot.recolour();
  }

  toggled() {
    const isOpen = this.sections.some(({ open }) => open);
    if (isOpen !== this.isOpen) this.line.submit({ open: isOpen ? [this.name] : [] });
    this.isOpen = isOpen;
  }

  choose(released) {
    this.line.change({ h: `1e${this.slider.value}` }, released);
  }

  update(message, structure) {
    for (const place of this.places) place.update(message, structure);
    const numbers = message[this.name];
    if (!numbers) return;
    if (!this.line.isAhead) this.showStep(message.values.h);
    this.write(numbers.lines);
    this.plot.show(numbers, structure[this.name]);
  }

  showStep(h) {
    const digits = h.split("-")[1];
    if (this.slider.value !== `-${digits}`) this.slider.value = `-${digits}`;
    setText(this.output, `10⁻${[...digits].map((digit) => SUPERSCRIPTS[digit]).join("")}`);
    this.slider.setAttribute("aria-valuetext", h);
  }

  write(lines) {
    while (this.lines.children.length < lines.length) {
      const parts = ["label", "math"].map((className) => element("span", { className }));
      this.lines.append(element("li", {}, parts));
    }
    lines.forEach(({ label, math }, i) => {
      const [name, place] = this.lines.children[i].children;
      setText(name, label);
      setEquation(place, math);
    });
  }
}

/** The error against the step; drawn once the hand rests, since Plotly takes some 20 ms. */
class ErrorPlot extends LivePlot {
  constructor(root, plot) {
    super(root, plot);
    this.recolour();
  }

  close() {
    clearTimeout(this.waiting);
    super.close();
  }

  show(numbers, spec) {
    const isOther = this.spec !== spec;
    Object.assign(this, { numbers, spec });
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.renew(isOther), this.figure ? REST_MS : 0);
  }

  isReady() {
    return Boolean(this.numbers);
  }

  isSimple() {
    return false;
  }

  assemble() {
    const { colours, size, spec } = this;
    const layout = structuredClone(spec.layout);
    for (const axis of Object.values(layout)) Object.assign(axis, { gridcolor: colours.line, zeroline: false });
    return {
      traces: spec.traces.map((trace) => painted(trace, colours)),
      layout: {
        ...dress({}, size, colours),
        ...layout,
        hovermode: "closest",
        margin: { l: 60, r: 10, t: 10, b: 44 },
        showlegend: true,
        legend: { x: 0.5, xanchor: "center", y: 1, orientation: "h" },
      },
    };
  }

  fill() {
    const { dw, db, here: [step, error] } = this.numbers;
    const [byW, byB, here] = this.figure.traces;
    byW.y = dw;
    byB.y = db;
    Object.assign(here, { x: [step], y: [error] });
  }
}

// Loss and gradient against each input, as Plotly curves that are updated in place: zoom kept, nothing rebuilt.

import { change } from "../../browser/controls/change.js";
import { dress, painted } from "../../browser/figure/figure.js";
import { LivePlot } from "../../browser/figure/live_plot.js";
import { MarkerDrag } from "../../browser/figure/marker_drag.js";
import { axesOf } from "../../browser/figure/repaint.js";
import { button, element, setText } from "../../browser/shell/dom.js";
import { typeScale } from "../../browser/shell/type_size.js";
import { Bands, sentence } from "./bands.js";

const NARROW_PX = 560;
const UPRIGHT = 1.25;
const FOLLOWED = ["relayout", "relayouting", "afterplot"];

const plottedRows = new WeakMap();
const stretchesOfRow = new WeakMap();

export default class CurvesView extends LivePlot {
  constructor(section, context) {
    const plot = element("div", { className: "plot" });
    const bands = new Bands();
    const stage = element("div", { className: "stage" }, [bands.under, plot, bands.over]);
    const root = element("div", { className: "curves-view" });
    super(root, plot, stage);
    Object.assign(this, { context, line: context.line, bands, words: element("p", { className: "told" }) });
    const controls = element("div", { className: "controls" }, [this.comparison(), this.toggle()]);
    root.append(controls, stage, this.words);
    section.append(root);
    new MarkerDrag(plot, () => this.markers(), (...moved) => this.drag(...moved));
    this.recolour();
  }

  toggle() {
    this.withX = button("against x too", { className: "with-x" }, () => {
      this.line.change({ with_x: this.withX.getAttribute("aria-pressed") !== "true" }, true);
    });
    return this.withX;
  }

  comparison() {
    this.other = element("select", { name: "other" });
    this.other.addEventListener("change", () => this.line.change({ other: this.other.value }, true));
    this.chosen = element("span", { className: "chosen" });
    const words = element("span", { className: "words", textContent: "compare with" });
    const dashes = element("span", { className: "dashes" });
    const label = element("label", { className: "other" }, [dashes, words, this.other]);
    return element("div", { className: "compare" }, [element("span", { className: "line" }), this.chosen, label]);
  }

  /** Offers every loss but the chosen one. */
  offer({ loss, other }, { losses }) {
    const options = [["", "nothing"], ...losses.filter(([name]) => name !== loss)];
    if (this.offered !== String(options)) {
      this.offered = String(options);
      const entries = options.map(([value, textContent]) => element("option", { value, textContent }));
      this.other.replaceChildren(...entries);
    }
    if (!this.line.isAhead) this.other.value = other;
    setText(this.chosen, Object.fromEntries(losses)[loss]);
    this.other.closest(".compare").classList.toggle("compared", other !== "");
  }

  update(message, { curves, controls }) {
    if (!message.curves) return;
    Object.assign(this, { message, sliders: controls.sliders });
    message.swept.forEach((name, i) => stretchesOfRow.set(this.row(name, "loss"), message.stretches[i]));
    this.withX.setAttribute("aria-pressed", String(message.curves.length > 2));
    this.offer(message.values, curves);
    const isOther = this.spec !== curves;
    this.spec = curves;
    this.renew(isOther);
  }

  row(...names) {
    return this.message.arrays[names.join(".")];
  }

  /** What is shaded in the curves over an input. */
  stretches(name) {
    return stretchesOfRow.get(this.row(name, "loss")) ?? [];
  }

  isReady() {
    return Boolean(this.spec);
  }

  afterDrawing() {
    this.shade();
  }

  shade() {
    const curves = this.figure.traces.filter(({ role }) => role === "curve");
    this.bands.place(curves.map((trace) => ({
      part: trace.part,
      of: trace.of,
      axes: axesOf(this.plot, trace),
      stretches: this.stretches(trace.part),
      here: this.position(trace.part),
    })));
  }

  /** Where the visitor stands on the curves over an input. */
  position(name) {
    return this.message.curves[this.spec.names.indexOf(name)];
  }

  /** The markers where the visitor stands: one that has no height is taken anywhere on its line. */
  markers() {
    if (!this.places) return [];
    return this.plot.data.filter(({ role }) => role === "here").map((trace) => {
      const here = this.position(trace.part);
      return { trace, name: trace.part, x: here.at, y: here[trace.of] };
    });
  }

  /** A marker is dragged along its axis: its slider goes along. */
  drag({ name }, { x }, released) {
    change(this.context, { [name]: onSlider(this.sliders.find((slider) => slider.name === name), x) }, released);
  }

  react() {
    super.react();
    this.follow();
    setText(this.words, sentence(Object.fromEntries(this.spec.names.map((name) => [name, this.stretches(name)]))));
  }

  /** Once there is a plot: what is shaded follows its axes. */
  follow() {
    if (this.isFollowing) return;
    this.isFollowing = true;
    for (const event of FOLLOWED) this.plot.on(`plotly_${event}`, () => this.figure && this.shade());
  }

  /** Everything that stands still: constant axes, colours, sizes. */
  assemble() {
    const layout = this.spec[isUpright(this.size) ? "stacked" : "beside"];
    const traces = this.spec.traces.map((trace) => painted(trace, this.colours));
    return { traces, layout: dress(layout, this.size, this.colours) };
  }

  /** The numbers of one message; NaN and infinity become null, which Plotly draws as a gap. */
  fill() {
    for (const trace of this.figure.traces) {
      const { role, part, of } = trace;
      const here = this.position(part);
      if (role === "curve") trace.y = plotted(this.row(part, of));
      if (role === "other") trace.y = plotted(this.row(part, "other", of));
      if (role === "position") trace.x = [here.at, here.at];
      if (role === "here") Object.assign(trace, { x: [here.at], y: [here[of]] });
      if (role === "tangent") Object.assign(trace, tangent(here));
    }
  }
}

/** The numbers as Plotly takes them, anew only where they are new. */
function plotted(row) {
  if (!plottedRows.has(row)) plottedRows.set(row, Array.from(row, (value) => (Number.isFinite(value) ? value : null)));
  return plottedRows.get(row);
}

function isUpright({ width, height }) {
  return height > width * (width < NARROW_PX * typeScale() ? 1 : UPRIGHT);
}

/** The slider's step that is nearest to a number. */
function onSlider({ min, max, step, decimals }, number) {
  return Number((Math.round(Math.min(Math.max(number, min), max) / step) * step).toFixed(decimals));
}

function tangent({ at, loss, gradient, reach }) {
  if (loss === null || gradient === null) return { x: [null], y: [null] };
  return { x: [at - reach, at + reach], y: [loss - reach * gradient, loss + reach * gradient] };
}

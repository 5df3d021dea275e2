// A Plotly figure that stands still but for what a message moves: markers, tangents, a growing line.

import { element } from "../shell/dom.js";
import { typeScale } from "../shell/type_size.js";
import { dress, painted } from "./figure.js";
import { LivePlot } from "./live_plot.js";

const NARROW_PX = 480;

/**
 * The figure comes with what stands still; a message's numbers, by a trace's `key`, are laid over its traces, and its
 * `axes` (ranges by name) over its layout.
 */
export default class Plots extends LivePlot {
  constructor(section, { part }) {
    const plot = element("div", { className: "plot" });
    const root = element("div", { className: "plots", role: "figure" }, [plot]);
    section.append(root);
    super(root, plot);
    this.name = part.name;
    this.recolour();
  }

  update(message, structure) {
    if (!message[this.name]) return;
    this.numbers = message[this.name];
    const axes = JSON.stringify(this.numbers.axes);
    const hasOtherAxes = axes !== this.axes;
    this.axes = axes;
    if (this.spec !== structure[this.name]) {
      this.spec = structure[this.name];
      this.root.setAttribute("aria-label", this.spec.alt);
      this.root.style.setProperty("--rows", Object.keys(this.spec.narrow).length / 2);
      this.renew(true);
    } else this.renew(hasOtherAxes);
  }

  isReady() {
    return this.numbers !== undefined;
  }

  fill() {
    for (const trace of this.figure.traces) Object.assign(trace, this.numbers[trace.key]);
  }

  isSimple() {
    const isMovable = ({ mode, x }) => mode === "lines" || (mode === "markers" && x.length === 1);
    return this.figure.traces.every((trace) => !this.numbers[trace.key] || isMovable(trace));
  }

  assemble() {
    const layout = this.spec[this.size.width < NARROW_PX * typeScale() ? "narrow" : "wide"];
    const traces = this.spec.traces.map((trace) => spread(painted(trace, this.colours)));
    const shown = { ...layout };
    for (const [name, range] of Object.entries(this.numbers.axes ?? {})) shown[name] = { ...layout[name], range };
    return { traces, layout: dress(shown, this.size, this.colours) };
  }
}

/** A trace whose x are evenly spread over a span gets them here, so that they need not be sent. */
function spread(trace) {
  if (!trace.span) return trace;
  const [low, high] = trace.span;
  const step = (high - low) / (trace.y.length - 1);
  return { ...trace, x: trace.y.map((_, i) => Number((low + i * step).toPrecision(10))) };
}

import { channelOf } from "../channel.js";
import { dress, painted } from "../figure.js";
import { LivePlot } from "../live_plot.js";
import { styles } from "../styles.js";

await Promise.all([styles("../page.css", import.meta.url), styles("plots.css", import.meta.url)]);

const NARROW_PX = 480;

export default function render({ parentElement, data }) {
  const view = parentElement.plots ?? (parentElement.plots = new Plots(parentElement, channelOf(data.page), data.part));
  view.recolour();
  return () => view.close();
}

/** The figure comes with what stands still; a message's numbers, by a trace's `key`, are laid over its traces. */
class Plots extends LivePlot {
  constructor(parent, channel, part) {
    const root = document.createElement("div");
    const plot = document.createElement("div");
    root.className = "plots";
    root.setAttribute("role", "figure");
    plot.className = "plot";
    root.append(plot);
    parent.append(root);
    super(root, plot);
    this.part = part;
    this.unsubscribe = channel.subscribe((message, structure) => this.take(message, structure), part);
  }

  take(message, structure) {
    this.moved = message[this.part];
    const isOther = this.spec !== structure[this.part];
    if (isOther) {
      this.spec = structure[this.part];
      this.root.setAttribute("aria-label", this.spec.alt);
      this.root.style.setProperty("--rows", Object.keys(this.spec.narrow).length / 2);
    }
    this.renew(isOther);
  }

  isReady() {
    return this.moved !== undefined;
  }

  fill() {
    for (const trace of this.figure.traces) Object.assign(trace, this.moved[trace.key]);
  }

  isSimple() {
    return this.figure.traces.every(({ key, mode, x }) => !this.moved[key] || mode === "lines" || (mode === "markers" && x.length === 1));
  }

  assemble() {
    const layout = this.spec[this.size.width < NARROW_PX ? "narrow" : "wide"];
    const traces = this.spec.traces.map((trace) => spread(painted(trace, this.colours)));
    return { traces, layout: dress(layout, this.size, this.colours) };
  }
}

/** A trace whose x are evenly spread over a span gets them here, so that they need not be sent. */
function spread(trace) {
  if (!trace.span) return trace;
  const [low, high] = trace.span;
  const step = (high - low) / (trace.y.length - 1);
  return { ...trace, x: trace.y.map((_, i) => Number((low + i * step).toPrecision(10))) };
}

import { channelOf } from "../channel.js";
import { CONFIG, coloursOf, dress, painted, whenIdle } from "../figure.js";
import { loadPlotly } from "../load_plotly.js";
import { places, repaint } from "../repaint.js";
import { styles } from "../styles.js";

await Promise.all([styles("../page.css", import.meta.url), styles("plots.css", import.meta.url)]);

const NARROW_PX = 480;
const REST_MS = 140;

export default function render({ parentElement, data }) {
  const view = parentElement.plots ?? (parentElement.plots = new Plots(parentElement, channelOf(data.page), data.part));
  view.recolour();
  return () => view.close();
}

/** The figure comes with what stands still; a message's numbers, by a trace's `key`, are laid over its traces. */
class Plots {
  constructor(parent, channel, part) {
    this.part = part;
    this.root = document.createElement("div");
    this.root.className = "plots";
    this.root.setAttribute("role", "figure");
    this.plot = document.createElement("div");
    this.plot.className = "plot";
    this.root.append(this.plot);
    parent.append(this.root);
    this.frame = 0;
    this.unsubscribe = channel.subscribe((message, structure) => this.take(message, structure), part);
    this.resize = new ResizeObserver(() => this.lay());
    this.resize.observe(this.plot);
  }

  close() {
    this.unsubscribe();
    this.resize.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
    if (this.Plotly) this.Plotly.purge(this.plot);
  }

  take(message, structure) {
    if (!this.moved) whenIdle(() => this.begin());
    this.moved = message[this.part];
    if (this.spec !== structure[this.part]) {
      this.spec = structure[this.part];
      this.root.setAttribute("aria-label", this.spec.alt);
      this.root.style.setProperty("--rows", Object.keys(this.spec.narrow).length / 2);
      this.figure = null;
    }
    this.draw();
  }

  /** Plotly's script takes the browser a second to read, so it comes after the first picture. */
  async begin() {
    this.plot.textContent = "The curves are coming…";
    const library = await loadPlotly().catch(() => null);
    this.plot.textContent = library ? "" : "The curves could not be loaded. Reload the page to try again.";
    this.Plotly = library;
    this.lay();
  }

  recolour() {
    const colours = coloursOf(this.root);
    if (JSON.stringify(colours) === JSON.stringify(this.colours)) return;
    this.colours = colours;
    this.figure = null;
    this.draw();
  }

  lay() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (this.size && this.size.width === width && this.size.height === height && this.figure) return;
    this.size = { width, height };
    this.figure = null;
    clearTimeout(this.rest); // what is out of sight is not drawn
    this.draw();
  }

  /** At most once per animation frame, always the newest message; Plotly itself only once the hand rests. */
  draw() {
    if (this.frame || !this.Plotly || !this.moved || !this.size?.width) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const isStanding = this.figure !== null;
      this.figure ??= this.assemble();
      for (const trace of this.figure.traces) Object.assign(trace, this.moved[trace.key]);
      clearTimeout(this.rest);
      if (isStanding && this.isSimple() && repaint(this.plot, this.places)) this.rest = setTimeout(() => this.figure && this.react(), REST_MS);
      else this.react();
    });
  }

  react() {
    this.Plotly.react(this.plot, this.figure.traces, this.figure.layout, CONFIG);
    this.places = places(this.plot);
  }

  /** Whether all that moves is lines and single markers, which can be moved without Plotly. */
  isSimple() {
    return this.figure.traces.every(({ key, mode, x }) => !this.moved[key] || mode === "lines" || (mode === "markers" && x.length === 1));
  }

  /** Everything that stands still. */
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

import { channelOf } from "../channel.js";
import { dress, painted } from "../figure.js";
import { LivePlot } from "../live_plot.js";
import { styles } from "../styles.js";
import { Bands, sentence } from "./bands.js";

await Promise.all([styles("../page.css", import.meta.url), styles("curves_view.css", import.meta.url)]);

const NARROW_PX = 560;

const bentRows = new WeakMap();

export default function render({ parentElement, data }) {
  const view = parentElement.curvesView ?? (parentElement.curvesView = new CurvesView(parentElement, channelOf(data.page)));
  view.recolour();
  return () => view.close();
}

class CurvesView extends LivePlot {
  constructor(parent, channel) {
    const root = make("div", { className: "curves-view" });
    const plot = make("div", { className: "plot" });
    const bands = new Bands();
    const stage = make("div", { className: "stage" }, [bands.under, plot, bands.over]);
    super(root, plot, stage);
    Object.assign(this, { channel, bands, told: make("p", { className: "told" }) });
    root.append(make("div", { className: "controls" }, [this.comparison(), this.toggle()]), stage, this.told);
    parent.append(root);
    this.unsubscribe = channel.subscribe((message, structure) => this.take(message, structure), "curves");
  }

  toggle() {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "with-x", textContent: "against x too" });
    button.addEventListener("click", () => this.channel.submit({ with_x: button.getAttribute("aria-pressed") !== "true" }));
    this.withX = button;
    return button;
  }

  comparison() {
    this.other = make("select", { name: "other" });
    this.other.addEventListener("change", () => this.channel.submit({ other: this.other.value }));
    this.chosen = make("span", { className: "chosen" });
    const words = make("span", { className: "words", textContent: "compare with" });
    const label = make("label", { className: "other" }, [make("span", { className: "dashes" }), words, this.other]);
    return make("div", { className: "compare" }, [make("span", { className: "line" }), this.chosen, label]);
  }

  /** Offers every loss but the chosen one. */
  offer({ loss }, { losses, other }) {
    const options = [["", "nothing"], ...losses.filter(([name]) => name !== loss)];
    if (this.offered !== String(options)) {
      this.offered = String(options);
      this.other.replaceChildren(...options.map(([value, textContent]) => make("option", { value, textContent })));
    }
    if (!this.channel.isAhead()) this.other.value = other;
    this.chosen.textContent = Object.fromEntries(losses)[loss];
    this.other.closest(".compare").classList.toggle("compared", other !== "");
  }

  take(message, structure) {
    this.message = message;
    this.withX.setAttribute("aria-pressed", String(message.curves.length > 2));
    this.offer(message.inputs, structure.curves);
    const isOther = this.structure?.curves !== structure.curves;
    this.structure = structure;
    this.renew(isOther);
  }

  isReady() {
    return Boolean(this.structure?.curves);
  }

  afterDrawing() {
    this.shade();
  }

  shade() {
    const { rows } = this.message;
    this.bands.place(this.plot._fullLayout, this.figure.traces.filter(({ role }) => role === "curve"), rows, this.spots());
  }

  /** Where the visitor stands, by the name of the swept input. */
  spots() {
    return Object.fromEntries(this.structure.curves.names.map((name, i) => [name, this.message.curves[i]]));
  }

  react() {
    super.react();
    this.follow();
    const said = sentence(this.structure.curves.names, this.message.rows);
    if (this.told.textContent !== said) this.told.textContent = said;
  }

  /** Once there is a plot: what is shaded follows its axes. */
  follow() {
    if (this.follows) return;
    this.follows = true;
    for (const event of ["relayout", "relayouting", "afterplot"]) this.plot.on(`plotly_${event}`, () => this.figure && this.shade());
  }

  /** Everything that stands still: constant axes, colours, sizes. */
  assemble() {
    const { curves } = this.structure;
    const layout = curves[this.size.width < NARROW_PX ? "stacked" : "beside"];
    return { traces: curves.traces.map((trace) => painted(trace, this.colours)), layout: dress(layout, this.size, this.colours) };
  }

  /** The numbers of one message; NaN and infinity become null, which Plotly draws as a gap. */
  fill() {
    const { curves, rows } = this.message;
    const names = this.structure.curves.names;
    for (const trace of this.figure.traces) {
      const here = curves[names.indexOf(trace.part)];
      if (trace.role === "curve") trace.y = bent(rows[trace.part][trace.of]);
      if (trace.role === "other") trace.y = bent(rows[trace.part].other[trace.of]);
      if (trace.role === "position") trace.x = [here.at, here.at];
      if (trace.role === "here") Object.assign(trace, { x: [here.at], y: [here[trace.of]] });
      if (trace.role === "tangent") Object.assign(trace, tangent(here));
    }
  }
}

/** The numbers as Plotly takes them, anew only where they are new. */
function bent(row) {
  if (!bentRows.has(row)) bentRows.set(row, Array.from(row, gap));
  return bentRows.get(row);
}

function tangent({ at, loss, gradient, reach }) {
  if (loss === null || gradient === null) return { x: [null], y: [null] };
  return { x: [at - reach, at + reach], y: [loss - reach * gradient, loss + reach * gradient] };
}

function gap(value) {
  return Number.isFinite(value) ? value : null;
}

function make(tag, properties, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

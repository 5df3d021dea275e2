// The points and what the neuron predicts for them: a point is dragged along x, a click turns its label round; a table
// does the same with the keyboard.

import { change } from "../../browser/controls/change.js";
import { dress, painted } from "../../browser/figure/figure.js";
import { LivePlot } from "../../browser/figure/live_plot.js";
import { MarkerDrag } from "../../browser/figure/marker_drag.js";
import { element } from "../../browser/shell/dom.js";
import { PointTable, REACH } from "./point_table.js";

const CLICK_PX = 4;
const MOST = 20;

export default class DataView extends LivePlot {
  constructor(section, context) {
    const plot = element("div", { className: "plot" });
    const stage = element("div", { className: "stage" }, [plot]);
    const root = element("div", { className: "data-view" });
    super(root, plot, stage);
    Object.assign(this, { context, line: context.line });
    this.table = new PointTable({
      change: (points) => this.change(points, true),
      chosen: () => this.points,
      isAhead: () => this.line.isAhead,
      most: MOST,
    });
    root.append(stage, this.table.root);
    section.append(root);
    new MarkerDrag(plot, () => this.markers(), (...moved) => this.drag(...moved));
    this.recolour();
  }

  get points() {
    return (this.line.chosen.values ?? this.message.values).points;
  }

  change(points, released) {
    change(this.context, { points }, released);
  }

  update(message, { data }) {
    if (!message.data) return;
    this.message = message;
    this.table.update(message);
    const span = this.held ? this.span : message.data.span;
    const isOther = this.spec !== data || this.span !== span;
    Object.assign(this, { spec: data, span });
    this.renew(isOther);
  }

  isReady() {
    return Boolean(this.spec);
  }

  assemble() {
    const layout = {
      xaxis: { range: [-this.span, this.span], domain: [0, 1], anchor: "y", nticks: 9 },
      yaxis: {
        range: [-0.16, 1.16], domain: [0, 0.9], anchor: "x", tickvals: [0, 0.5, 1],
        title: { text: "label y, and ŷ = σ(w·x + b)" },
      },
    };
    const traces = this.spec.traces.map((trace) => ({ xaxis: "x", yaxis: "y", ...painted(trace, this.colours) }));
    return { traces, layout: dress(layout, this.size, this.colours) };
  }

  fill() {
    const { arrays, data, values } = this.message;
    const curve = Array.from(arrays.sigmoid, (value) => (Number.isFinite(value) ? value : null));
    const { span } = data;
    const lines = values.points.map(([x, label], i) => [[x, x, null], [label, data.predictions[i], null]]);
    const rows = {
      curve: { x: curve.map((_, i) => -span + (2 * span * i) / (curve.length - 1)), y: curve },
      error: { x: lines.flatMap(([x]) => x), y: lines.flatMap(([, y]) => y) },
      points: { x: values.points.map(([x]) => x), y: values.points.map(([, label]) => label) },
      seen: { x: data.seen.map((i) => values.points[i][0]), y: data.seen.map((i) => values.points[i][1]) },
    };
    for (const trace of this.figure.traces) Object.assign(trace, rows[trace.role]);
  }

  markers() {
    if (!this.places) return [];
    const trace = this.plot.data.find(({ role }) => role === "points");
    return this.points.map(([x, label], index) => ({ trace, index, x, y: label }));
  }

  /** A point is dragged along x; a press that does not move it turns its label round. */
  drag(marker, { x }, released, moved) {
    this.held = !released;
    const points = this.points.map((point) => [...point]);
    if (released && moved <= CLICK_PX) points[marker.index][1] = 1 - points[marker.index][1];
    else points[marker.index][0] = onGrid(Math.min(Math.max(x, -this.span + 0.1), this.span - 0.1));
    this.change(points, released);
  }
}

function onGrid(x) {
  return Number(Math.min(Math.max(x, -REACH), REACH).toFixed(1)) + 0;
}

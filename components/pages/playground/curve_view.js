// A result over the number that was dragged last, with its tangent; which result, is chosen above.

import { whenIdle } from "../../browser/figure/figure.js";
import { loadPlotly } from "../../browser/figure/load_plotly.js";
import Plots from "../../browser/figure/plots.js";
import { element, setText } from "../../browser/shell/dom.js";

export default class CurveView {
  constructor(section, context) {
    this.line = context.line;
    this.select = element("select", { className: "start", "aria-label": "result" });
    this.select.addEventListener("change", () => this.line.change({ of: this.select.value }, true));
    this.number = element("b", { translate: false });
    const label = element("label", {}, ["curve of ", this.select]);
    const heading = element("p", {}, [label, " along ", this.number]);
    this.root = element("section", { className: "curve-view panel", "aria-label": "Curve", hidden: true }, [heading]);
    section.append(this.root);
    this.plots = new Plots(this.root, context);
    this.isLoading = false;
  }

  close() {
    this.plots.close();
  }

  recolour() {
    this.plots.recolour();
  }

  update(message, structure) {
    if (!this.isLoading && !message.program?.pending) this.load();
    const hasCurve = Boolean(message.curve && structure.curve);
    this.root.hidden = !hasCurve;
    if (!hasCurve) return;
    const names = message.results;
    if (String(names) !== this.names) {
      this.names = String(names);
      this.select.replaceChildren(...names.map((name) => element("option", { value: name, textContent: name })));
    }
    this.select.value = structure.curve.traces[0].name;
    setText(this.number, structure.curve.number);
    this.plots.update(message, structure);
  }

  /** Plotly's script takes the browser a second to read: not while the first number is dragged, but before. */
  load() {
    this.isLoading = true;
    whenIdle(() => loadPlotly().catch(() => {})); // where it fails, the first curve says so
  }
}

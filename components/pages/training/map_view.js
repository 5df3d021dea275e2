// The loss over (w, b) as a map, the paths that descend on it, and the step under the cursor; the start can be dragged.

import { change } from "../../browser/controls/change.js";
import { dress, painted } from "../../browser/figure/figure.js";
import { LivePlot } from "../../browser/figure/live_plot.js";
import { MarkerDrag } from "../../browser/figure/marker_drag.js";
import { axesOf } from "../../browser/figure/repaint.js";
import { button, element, setText } from "../../browser/shell/dom.js";
import { RunLegend } from "./run_legend.js";
import { onScale, paths, surfaceOf } from "./surface.js";

const MARGIN = { l: 40, r: 12, t: 12, b: 40 }; // as much across as upwards: the map is a square
const PRESS_PX = 4;
const DECIMALS = 4;
const HEAD_PX = 11; // the arrow's head
const STEPS = { ArrowLeft: ["w", -1], ArrowRight: ["w", 1], ArrowUp: ["b", 1], ArrowDown: ["b", -1] };

export default class MapView extends LivePlot {
  constructor(section, context) {
    const plot = element("div", { className: "plot" });
    const stage = element("div", { className: "stage" }, [element("div", { className: "hatch" }), plot]);
    const root = element("div", { className: "map-view" });
    super(root, plot, stage);
    Object.assign(this, { context, line: context.line });
    this.words = element("span", { className: "words" });
    this.wider = button("Show more", { className: "wider" }, () => this.widen());
    this.legend = new RunLegend({
      show: () => this.renew(true),
      compare: (compare) => this.change({ compare }, true),
    });
    this.scale = element("span", { className: "scale" }, [element("b"), element("i"), element("b")]);
    const foot = element("div", { className: "foot" }, [
      this.legend.root, this.words, this.wider, element("span", { className: "tail" }, [this.scale, this.extents()]),
    ]);
    this.handle = this.startHandle();
    this.guess = element("span", { className: "guess", hidden: true, "aria-hidden": "true" });
    stage.append(this.handle, this.guess);
    this.listenForGuesses();
    root.append(stage, foot);
    section.append(root);
    new MarkerDrag(plot, () => this.markers(), (_, place, released) => this.drag(place, released));
    this.recolour();
  }

  /** Where it is asked where the next point lands, a press on the map is a guess. */
  listenForGuesses() {
    let pressed = null;
    const press = ({ clientX, clientY, isPrimary }) => (pressed = isPrimary ? [clientX, clientY] : null);
    const lift = ({ clientX, clientY }) => {
      const isPress = pressed && Math.hypot(clientX - pressed[0], clientY - pressed[1]) <= PRESS_PX;
      pressed = null;
      if (isPress && this.question && this.places) this.say(clientX, clientY);
    };
    this.plot.addEventListener("pointerdown", press, { capture: true });
    document.addEventListener("pointerup", lift, { capture: true }); // Plotly covers the page while a button is down
    this.stopGuesses = () => document.removeEventListener("pointerup", lift, { capture: true });
  }

  close() {
    super.close();
    this.stopGuesses();
  }

  say(clientX, clientY) {
    const { x, y } = axesOf(this.plot, this.plot.data[0]);
    const { left, top } = this.plot.getBoundingClientRect();
    const [w, b] = [x.toNumber(clientX - left - x.offset), y.toNumber(clientY - top - y.offset)];
    const { extent } = this.message.map;
    if (Math.max(Math.abs(w), Math.abs(b)) > extent) return;
    this.guessed = [w, b];
    this.line.submit({ guesses: { [this.question.name]: `${w.toFixed(DECIMALS)};${b.toFixed(DECIMALS)}` } });
    this.afterDrawing();
  }

  extents() {
    this.extent = element("select", { "aria-label": "extent of the map" });
    this.extent.addEventListener("change", () => this.change({ extent: this.extent.value }, true));
    return element("label", { className: "extent" }, ["map ", this.extent]);
  }

  /** For the keyboard: the start itself takes the focus, and arrow keys move it. */
  startHandle() {
    const handle = button("", { className: "start-handle", "aria-label": "start of the path; arrow keys move it" });
    handle.addEventListener("keydown", (event) => this.step(event));
    return handle;
  }

  step(event) {
    const [name, direction] = STEPS[event.key] ?? [];
    if (!name) return;
    event.preventDefault();
    const slider = this.sliders.find((one) => one.name === name);
    const values = this.line.chosen.values ?? this.message.values;
    const moved = values[name] + direction * (event.shiftKey ? 1 : 0.1);
    this.change({ [name]: onScale(slider, moved), at: 0 }, true);
  }

  change(values, released) {
    change(this.context, values, released);
  }

  update(message, { map, controls }) {
    if (!message.map) return;
    Object.assign(this, { message, sliders: controls.sliders });
    const isOther = this.spec !== map || this.shownExtent !== message.map.extent;
    Object.assign(this, { spec: map, shownExtent: message.map.extent });
    this.offer(controls.choices.find(({ name }) => name === "extent"), message.values.extent);
    this.legend.update(message.runs, message.values.compare, map.offers);
    this.tell(message.map);
    this.ask(message);
    const hasNewSurface = this.surface !== message.arrays.surface;
    if (hasNewSurface) this.readSurface(message);
    this.renew(isOther);
  }

  readSurface({ arrays, map }) {
    this.surface = arrays.surface;
    this.heights = surfaceOf(this.surface, map.extent, this.spec.colours);
    this.hasNewSurface = true;
    const [low, ramp, high] = this.scale.children;
    const [{ zmin, zmax }] = this.heights;
    setText(low, `loss ${zmin.toPrecision(2)}`);
    setText(high, zmax.toPrecision(2));
    ramp.style.background = `linear-gradient(to right, ${this.spec.colours.join(", ")})`;
  }

  offer({ options }, value) {
    if (!this.extent.options.length) {
      this.extent.append(...options.map(([name, textContent]) => element("option", { value: name, textContent })));
    }
    if (this.extent.value !== value) this.extent.value = value;
  }

  /** The open question about a place; another state's guess is not shown. */
  ask({ predict, values }) {
    this.question = predict?.revealed ? null : predict?.questions.find(({ kind }) => kind === "place");
    const asked = JSON.stringify([values.at, values.w, values.b, values.lr, values.optimizer, values.points]);
    if (!predict || this.asked !== asked) this.guessed = null;
    this.asked = asked;
    this.root.classList.toggle("asking", Boolean(this.question));
  }

  tell({ says, broken: { infinite, undefined: unknown } }) {
    const kinds = [infinite && "∞", unknown && "not a number"].filter(Boolean);
    const hatched = kinds.length ? `Hatched: the loss is ${kinds.join(" or ")}. ` : "";
    setText(this.words, `${hatched}${says}`);
    this.wider.hidden = !says || this.extent.selectedIndex === this.extent.options.length - 1;
  }

  widen() {
    this.change({ extent: this.extent.options[this.extent.selectedIndex + 1].value }, true);
  }

  isReady() {
    return Boolean(this.spec);
  }

  /** As large as a square in the stage can be: lengths on both axes are the same. */
  assemble() {
    const { extent } = this.message.map;
    const axis = { range: [-extent, extent], nticks: 7, constrain: "domain" };
    const layout = {
      xaxis: { ...axis, domain: [0, 1], anchor: "y" },
      yaxis: { ...axis, domain: [0, 1], anchor: "x", scaleanchor: "x" },
    };
    const dressed = dress(layout, this.size, this.colours);
    Object.assign(dressed, { margin: MARGIN });
    for (const [name, letter] of [["xaxis", "w"], ["yaxis", "b"]]) {
      const title = { text: `<i>${letter}</i>`, standoff: 4 };
      Object.assign(dressed[name], { title, showgrid: false, zeroline: false });
    }
    const shown = this.spec.traces.filter(({ run }) => run === undefined || !this.legend.hidden.has(run));
    const traces = shown.map((trace) => ({ xaxis: "x", yaxis: "y", ...painted(trace, this.colours) }));
    this.hasNewSurface = false;
    return { traces: [...this.heights.map((trace) => ({ ...trace })), ...traces], layout: dressed };
  }

  fill() {
    if (this.hasNewSurface) this.heights.forEach((trace, i) => Object.assign(this.figure.traces[i], trace));
    const { arrays, map, values } = this.message;
    const rows = paths(arrays, map.lengths.length);
    const at = { start: [values.w, values.b], here: map.here };
    for (const trace of this.figure.traces) {
      if (trace.run !== undefined) Object.assign(trace, rows[trace.run]);
      else if (at[trace.role]) Object.assign(trace, { x: [at[trace.role][0]], y: [at[trace.role][1]] });
      else if (trace.role === "arrow" || trace.name === "halo of the step") Object.assign(trace, this.arrow(map));
    }
  }

  /** The step as a line with a head, whose size is one of the screen. */
  arrow({ here: [w, b], arrow: [right, up], extent }) {
    if (w === null || right === null) return { x: [null], y: [null] };
    const length = Math.hypot(right, up);
    const perPixel = (2 * extent) / Math.max(1, Math.min(this.size.width, this.size.height) - MARGIN.l - MARGIN.r);
    const head = Math.min(HEAD_PX * perPixel, length);
    const [x, y] = [w + right, b + up];
    const [dx, dy] = length ? [(right / length) * head, (up / length) * head] : [0, 0];
    const [left, side] = [[x - dx - dy / 2, y - dy + dx / 2], [x - dx + dy / 2, y - dy - dx / 2]];
    return { x: [w, x, left[0], x, side[0]], y: [b, y, left[1], y, side[1]] };
  }

  isSimple() {
    const isSame = !this.hasNewSurface && this.drawnHidden === this.legend.hidden.size;
    this.hasNewSurface = false;
    this.drawnHidden = this.legend.hidden.size;
    return isSame;
  }

  markers() {
    if (!this.places) return [];
    const { w, b } = this.message.values;
    return this.plot.data.filter(({ role }) => role === "start").map((trace) => ({ trace, x: w, y: b }));
  }

  /** Whoever drags the start wants to see the whole path from there. */
  drag({ x, y }, released) {
    const { extent } = this.message.map;
    const inside = (value) => Math.min(Math.max(value, -extent), extent);
    const [w, b] = ["w", "b"].map((name) => this.sliders.find((slider) => slider.name === name));
    this.change({ w: onScale(w, inside(x)), b: onScale(b, inside(y)), at: 0 }, released);
  }

  afterDrawing() {
    const [start] = this.markers();
    if (!start) return;
    this.guess.hidden = !this.guessed;
    const { x, y } = axesOf(this.plot, start.trace);
    const put = (mark, [w, b]) => {
      mark.style.translate = `${x.offset + x.toPixels(w)}px ${y.offset + y.toPixels(b)}px`;
    };
    put(this.handle, [start.x, start.y]);
    if (this.guessed) put(this.guess, this.guessed);
  }
}

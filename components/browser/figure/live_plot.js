// A Plotly figure that follows the newest message: at most once a frame, by Plotly itself only once the hand rests.

import { keepUntranslated } from "../shell/dom.js";
import { WheelFilter } from "../shell/wheel.js";
import { CONFIG, coloursOf, whenIdle } from "./figure.js";
import { loadPlotly } from "./load_plotly.js";
import { places, repaint } from "./repaint.js";

const REST_MS = 140;

/**
 * Who extends it says whether there is something to show (`isReady`), makes what stands still (`assemble`), and lays
 * the newest numbers over its traces (`fill`).
 */
export class LivePlot {
  /** `plot` becomes the figure, as large as `stage`; `root` has the theme's colours. */
  constructor(root, plot, stage = plot) {
    Object.assign(this, { root, plot, stage, frame: 0, figure: null, hasBegun: false, isClosed: false });
    this.wheel = new WheelFilter(plot);
    keepUntranslated(stage);
    this.resize = new ResizeObserver(() => this.lay());
    this.resize.observe(stage);
  }

  close() {
    this.isClosed = true;
    this.resize.disconnect();
    this.wheel.close();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
    if (this.Plotly) this.Plotly.purge(this.plot);
  }

  /** Shows a new message; where what stands still `isOther`, from the ground up. */
  renew(isOther) {
    if (!this.hasBegun) whenIdle(() => this.begin());
    this.hasBegun = true;
    if (isOther) this.figure = null;
    this.draw();
  }

  /** Plotly's script takes the browser a second to read, so it comes after the first picture. */
  async begin() {
    if (this.isClosed) return;
    this.plot.textContent = "The curves are coming…";
    const library = await loadPlotly().catch(() => null);
    if (this.isClosed) return;
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
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (this.size && this.size.width === width && this.size.height === height && this.figure) return;
    this.size = { width, height };
    this.figure = null;
    clearTimeout(this.rest); // what is out of sight is not drawn
    this.draw();
  }

  draw() {
    if (this.frame || !this.Plotly || !this.isReady() || !this.size?.width) return;
    this.frame = requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    this.frame = 0;
    const isStanding = this.figure !== null;
    this.figure ??= this.assemble();
    this.fill();
    clearTimeout(this.rest);
    const isMoved = isStanding && this.isSimple() && repaint(this.plot, this.places);
    if (isMoved) this.rest = setTimeout(() => this.figure && this.react(), REST_MS);
    else this.react();
    this.afterDrawing();
  }

  react() {
    this.Plotly.react(this.plot, this.figure.traces, this.figure.layout, CONFIG);
    this.places = places(this.plot);
  }

  /** Whether all that moves is lines and single markers, which can be moved without Plotly. */
  isSimple() {
    return true;
  }

  afterDrawing() {}
}

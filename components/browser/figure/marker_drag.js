// A marker of a Plotly figure that can be dragged: what begins on it never reaches Plotly, whose own drag zooms.

import { axesOf } from "./repaint.js";

const REACH_PX = { mouse: 14, touch: 26 };

export class MarkerDrag {
  /**
   * `markers()` lists what can be dragged now, each with its `trace`, and where it is (`x`, `y`; null: anywhere on its
   * axis). `onMove(marker, position, released, pixels)` is called with the pointer's place, in numbers of the axes, and
   * with how far it has been at most from where it was pressed.
   */
  constructor(plot, markers, onMove) {
    Object.assign(this, { plot, markers, onMove, held: null });
    const options = { capture: true, passive: false };
    const on = (name, listener) => plot.addEventListener(name, listener, options);
    on("pointerdown", (event) => this.take(event));
    on("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) on(name, (event) => this.drop(event));
    for (const name of ["mousedown", "touchstart"]) on(name, (event) => this.held && keep(event));
  }

  take(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    this.held = this.markerAt(event);
    if (!this.held) return;
    keep(event);
    Object.assign(this, { pressed: [event.clientX, event.clientY], farthest: 0 });
    this.plot.setPointerCapture(event.pointerId);
    this.plot.classList.add("dragging-marker");
  }

  move(event) {
    if (!this.held) return this.plot.classList.toggle("on-marker", Boolean(this.markerAt(event)));
    event.stopPropagation();
    this.tell(event, false);
  }

  drop(event) {
    if (!this.held) return;
    event.stopPropagation();
    this.tell(event, true);
    this.held = null;
    this.plot.classList.remove("dragging-marker");
  }

  tell(event, released) {
    const { x, y } = axesOf(this.plot, this.held.trace);
    const { left, top } = this.plot.getBoundingClientRect();
    const place = { x: x.toNumber(event.clientX - left - x.offset), y: y.toNumber(event.clientY - top - y.offset) };
    const [across, down] = this.pressed;
    this.farthest = Math.max(this.farthest, Math.hypot(event.clientX - across, event.clientY - down));
    this.onMove(this.held, place, released, this.farthest);
  }

  markerAt({ clientX, clientY, pointerType }) {
    const { left, top } = this.plot.getBoundingClientRect();
    const reach = REACH_PX[pointerType === "touch" ? "touch" : "mouse"];
    const place = [clientX - left, clientY - top];
    const distances = this.markers().map((marker) => [distance(marker, this.plot, place), marker]);
    const [nearest] = distances.filter(([pixels]) => pixels <= reach).sort(([a], [b]) => a - b);
    return nearest?.[1] ?? null;
  }
}

/** From a marker to a place of the figure, in pixels; a marker without a y lies all along its subplot's height. */
function distance(marker, plot, [left, top]) {
  const axes = axesOf(plot, marker.trace);
  const across = axes.x.offset + axes.x.toPixels(marker.x) - left;
  if (marker.y !== null) return Math.hypot(across, axes.y.offset + axes.y.toPixels(marker.y) - top);
  const isInside = top >= axes.y.offset && top <= axes.y.offset + axes.y.length;
  return isInside ? Math.abs(across) : Infinity;
}

function keep(event) {
  event.preventDefault();
  event.stopPropagation();
}

// The wheel over a picture scrolls the page; with Ctrl, which browsers report for a pinch too, it zooms the picture.

import { element } from "./dom.js";

const HINT_MS = 1500;

/** Keeps the wheel from all that listens in a picture, unless it is meant to zoom, and says how that is done. */
export class WheelFilter {
  constructor(picture) {
    const key = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";
    this.hint = element("p", { className: "wheel-hint", hidden: true, "aria-hidden": "true" }, [
      element("span", { textContent: `${key} + scroll to zoom` }),
    ]);
    picture.after(this.hint);
    picture.addEventListener("wheel", (event) => this.turn(event), { capture: true, passive: true });
  }

  close() {
    clearTimeout(this.rest);
  }

  turn(event) {
    if (event.ctrlKey || event.metaKey) return this.show(false);
    event.stopPropagation();
    return this.show(true);
  }

  show(isOn) {
    this.hint.hidden = !isOn;
    clearTimeout(this.rest);
    if (isOn) this.rest = setTimeout(() => this.show(false), HINT_MS);
  }
}

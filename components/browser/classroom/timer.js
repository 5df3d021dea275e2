// A timer for a class's task: big digits, and a calm end without a sound.

import { button, element, setText } from "../shell/dom.js";
import { Countdown } from "./countdown.js";

const KEY = "autograd-explorer-timer";
const MINUTES = [1, 2, 5];
const USUAL = 2;
const countdown = new Countdown(() => Date.now(), storage(), KEY);

export class Timer {
  /** `changed()` is called when the timer has been set, or taken back. */
  constructor(changed) {
    this.changed = changed;
    this.digits = element("span", { className: "digits", role: "timer", translate: false, "aria-label": "Time left" });
    this.over = element("span", { className: "over", role: "status" });
    this.starts = MINUTES.map((minutes) => {
      const title = `Start a timer of ${minutes} min`;
      return button(`${minutes} min`, { title, ariaLabel: title }, () => this.start(minutes));
    });
    this.toggler = button("Pause", {}, () => this.toggle());
    this.resetter = button("Reset", { ariaLabel: "Reset the timer" }, () => this.reset());
    this.label = element("span", { className: "label", textContent: "Timer" });
    const parts = [this.label, ...this.starts, this.over, this.digits, this.toggler, this.resetter];
    this.root = element("div", { className: "timer", role: "group", "aria-label": "Timer" }, parts);
    this.show();
  }

  close() {
    clearTimeout(this.next);
  }

  get isSet() {
    return countdown.isSet;
  }

  start(minutes) {
    countdown.start(minutes);
    this.show();
    this.toggler.focus({ preventScroll: true });
    this.changed();
  }

  /** The key: starts, pauses and goes on. */
  press() {
    if (!countdown.isSet || countdown.isOver) return this.start(countdown.minutes || USUAL);
    this.toggle();
  }

  toggle() {
    countdown.toggle();
    this.show();
  }

  reset() {
    countdown.reset();
    this.show();
    this.starts[0].focus({ preventScroll: true });
    this.changed();
  }

  show() {
    const { isSet, isOver, isRunning } = countdown;
    for (const start of [this.label, ...this.starts]) start.hidden = isSet;
    this.digits.hidden = this.resetter.hidden = !isSet;
    this.toggler.hidden = !isSet || isOver;
    setText(this.digits, countdown.text);
    setText(this.over, isOver ? "Time is up" : "");
    setText(this.toggler, isRunning ? "Pause" : "Go on");
    this.root.classList.toggle("is-over", isOver);
    clearTimeout(this.next);
    if (isRunning) this.next = setTimeout(() => this.show(), countdown.untilNext);
  }
}

function storage() {
  try {
    return sessionStorage;
  } catch {
    return null; // forbidden in some frames
  }
}

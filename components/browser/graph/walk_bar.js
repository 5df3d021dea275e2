// The walk through the graph: previous, next, play, a scrubber, and the sentence of the step.

import { setEquation } from "../maths/typeset.js";
import { element, isPresenting, setText } from "../shell/dom.js";
import { actOf } from "../shell/keyboard.js";
import { icon } from "./icon.js";

const PLAY = icon("M4 3L12 8L4 13Z");
const PAUSE = icon("M5 3V13M11 3V13");
const BEAT_MS = 1400;
const REST_MS = 700;

export class WalkBar {
  /**
   * `go(step, released)` is called with a step's number, or with null where the walk ends; `isAhead()` says whether the
   * server has yet to answer.
   */
  constructor(root, go, isAhead) {
    this.root = root;
    this.root.innerHTML = SKELETON;
    this.go = go;
    this.isAhead = isAhead;
    this.step = null;
    this.of = 0;
    this.scrubber = root.querySelector("input");
    this.place = root.querySelector(".place");
    [this.sentence, this.lines] = root.querySelector(".words").children;
    this.playButton = root.querySelector('[data-walk="play"]');
    root.addEventListener("click", ({ target }) => this.act(target.closest("[data-walk]")?.dataset.walk));
    this.scrubber.addEventListener("input", () => this.move(Number(this.scrubber.value)));
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  close() {
    document.removeEventListener("keydown", this.onKey);
    this.pause();
    clearTimeout(this.rest);
  }

  get isOn() {
    return this.step !== null;
  }

  start() {
    this.go(0, true);
  }

  toggle() {
    if (this.isOn) this.act("leave");
    else this.start();
  }

  act(name) {
    const moves = { first: 0, previous: this.step - 1, next: this.step + 1, last: this.of };
    if (name in moves) this.move(moves[name]);
    if (name === "play" && this.timer) this.pause();
    else if (name === "play") this.begin();
    if (name === "leave") {
      this.pause();
      clearTimeout(this.rest); // else the step that was taken last would be asked for once more
      this.go(null, true);
    }
  }

  /** While the walk is on its keys work wherever nothing else wants them; on a projector a clicker begins it, too. */
  key(event) {
    const name = event.target.matches?.("input[type=range]") ? null : actOf(event, "walk");
    if (!name || (isPresenting() && event.key === "Escape")) return;
    if (this.isOn) this.act(name);
    else if (isPresenting() && event.key === "PageDown") this.start();
    else return;
    event.preventDefault();
  }

  move(step) {
    const to = Math.min(Math.max(step, 0), this.of);
    if (to === this.of) this.pause();
    if (to === this.step) return;
    this.step = to;
    this.go(to, false);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.isOn && this.go(this.step, true), REST_MS);
  }

  begin() {
    if (this.step >= this.of) this.move(0);
    this.timer = setInterval(() => this.move(this.step + 1), BEAT_MS);
    this.sign(PAUSE, "Pause");
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.sign(PLAY, "Play");
  }

  sign(drawing, label) {
    this.playButton.innerHTML = drawing;
    this.playButton.setAttribute("aria-label", label);
  }

  /** What the server says of the step; undefined outside a walk. */
  say(step, walk) {
    this.root.hidden = !walk;
    if (!walk) {
      this.step = null;
      if (this.timer) this.pause();
      return;
    }
    if (!this.isOn || !this.isAhead()) this.step = step; // else a quick hand has gone on already
    this.of = walk.of;
    this.scrubber.max = walk.of;
    if (Number(this.scrubber.value) !== this.step) this.scrubber.value = this.step;
    this.scrubber.style.setProperty("--filled", this.step / walk.of);
    setText(this.place, `${this.step} / ${walk.of}`);
    this.scrubber.setAttribute("aria-valuetext", `step ${this.step} of ${walk.of}`);
    this.tell(walk);
  }

  tell({ words, math }) {
    setText(this.sentence, words);
    while (this.lines.childElementCount > math.length) this.lines.lastChild.remove();
    while (this.lines.childElementCount < math.length) this.lines.append(element("span"));
    math.forEach((notation, i) => setEquation(this.lines.children[i], notation));
  }
}

const SKELETON = `
  <div class="steps" role="group" aria-label="Walk">
    <button type="button" data-walk="first" aria-label="First step">${icon("M3 3V13M13 3L5 8L13 13Z")}</button>
    <button type="button" data-walk="previous" aria-label="Previous step">Back</button>
    <button type="button" data-walk="next" class="next" aria-label="Next step">Next</button>
    <button type="button" data-walk="play" aria-label="Play">${PLAY}</button>
    <input type="range" min="0" max="1" step="1" value="0" aria-label="step of the walk">
    <span class="place"></span>
    <button type="button" data-walk="leave" aria-label="Leave the walk">×</button>
  </div>
  <p class="words" role="status"><span></span><span class="lines"></span></p>`;

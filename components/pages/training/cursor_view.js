// The cursor on the path: step by step, forward and back, or played; and the arithmetic of the step that led to it.

import { change } from "../../browser/controls/change.js";
import { NumberControl } from "../../browser/controls/number_control.js";
import { icon } from "../../browser/graph/icon.js";
import { setEquation } from "../../browser/maths/typeset.js";
import { explainIn, setExplained } from "../../browser/glossary/glossary.js";
import { PathTable } from "./path_table.js";
import { placesIn } from "../../browser/readouts/readouts.js";
import { fromHtml, setText } from "../../browser/shell/dom.js";
import { actOf } from "../../browser/shell/keyboard.js";

const PLAY = icon("M4 3L12 8L4 13Z");
const PAUSE = icon("M5 3V13M11 3V13");
const BEAT_MS = 450;
const REST_MS = 160; // then a path that was left unfinished while the hand moved is asked for whole

export default class CursorView {
  constructor(section, context) {
    Object.assign(this, { context, line: context.line, at: 0, last: 0, settings: null });
    this.root = explainIn(fromHtml(SKELETON));
    section.append(this.root);
    const find = (selector) => this.root.querySelector(selector);
    this.scrubber = find(".scrubber");
    this.place = find(".place");
    this.playButton = find('[data-cursor="play"]');
    this.texts = { heading: find(".step-heading"), path: find(".path"), stability: find(".stability") };
    this.texts.comparison = find(".comparison");
    this.lines = find(".lines");
    this.log = find(".log");
    this.log.addEventListener("click", () => change(this.context, { log: !this.message.values.log }, true));
    this.table = new PathTable(find(".path-table"));
    this.places = placesIn(this.root);
    this.root.addEventListener("click", ({ target }) => this.act(target.closest("[data-cursor]")?.dataset.cursor));
    this.scrubber.addEventListener("input", () => this.move(Number(this.scrubber.value), false));
    this.scrubber.addEventListener("change", () => this.move(Number(this.scrubber.value), true));
    const onKey = (event) => this.key(event);
    document.addEventListener("keydown", onKey, { capture: true }); // before the walk, which obeys the same keys
    this.stop = () => document.removeEventListener("keydown", onKey, { capture: true });
  }

  close() {
    this.stop();
    this.pause();
    clearTimeout(this.rest);
  }

  update(message, { controls }) {
    for (const place of this.places) place.update(message, {});
    if (!message.cursor) return;
    this.message = message;
    this.log.setAttribute("aria-pressed", String(message.values.log));
    this.table.update(message);
    this.build(controls.sliders.filter(({ part, name }) => part === "cursor" && name !== "at"));
    this.set(message.values);
    this.isWalking = Boolean(message.graph?.walk);
    this.last = message.cursor.last;
    this.steps = message.values.steps;
    if (!this.line.isAhead) this.at = Math.min(message.values.at, this.last);
    this.showPlace();
    this.say(message.cursor);
    this.finish(message);
  }

  build(sliders) {
    if (this.settings) return;
    this.settings = sliders.map((slider) => new NumberControl(slider, {
      onChange: (value, released) => change(this.context, { [slider.name]: value }, released),
    }));
    this.root.querySelector(".settings").append(...this.settings.map(({ root }) => root));
  }

  /** While the visitor is ahead of the answers, shows what is chosen, unless that is a text that no answer has read. */
  set(answered) {
    const values = this.line.isAhead ? { ...answered, ...this.line.chosen.values } : answered;
    for (const control of this.settings) {
      const value = values[control.name];
      if (typeof value === "number") control.show(value);
    }
  }

  showPlace() {
    this.scrubber.max = this.steps;
    if (Number(this.scrubber.value) !== this.at) this.scrubber.value = this.at;
    this.scrubber.style.setProperty("--filled", this.at / Math.max(this.steps, 1));
    this.scrubber.setAttribute("aria-valuetext", `step ${this.at} of ${this.steps}`);
    setText(this.place, `${this.at} / ${this.steps}`);
  }

  say({ lines, ...texts }) {
    for (const [name, place] of Object.entries(this.texts)) setExplained(place, texts[name]);
    this.texts.comparison.hidden = !texts.comparison;
    lines.forEach((own, i) => {
      const column = this.lines.children[i];
      while (column.childElementCount > own.length) column.lastChild.remove();
      while (column.childElementCount < own.length) column.append(document.createElement("p"));
      own.forEach((notation, n) => {
        setEquation(column.children[n], notation);
        column.children[n].classList.toggle("tall", notation.includes("/"));
      });
    });
  }

  /** A path that has been cut short is asked for whole once the hand rests. */
  finish({ whole }) {
    clearTimeout(this.rest);
    if (whole) return;
    this.rest = setTimeout(() => this.line.isAhead || this.line.submit({ settled: true }), REST_MS);
  }

  act(name) {
    const moves = { first: 0, previous: this.at - 1, next: this.at + 1, last: this.last };
    if (name in moves) this.move(moves[name], true);
    if (name === "play" && this.timer) this.pause();
    else if (name === "play") this.begin();
  }

  key(event) {
    if (this.isWalking || event.target.matches?.("input[type=range]")) return;
    const name = actOf(event, "path");
    if (!name) return;
    this.act(name);
    event.preventDefault();
  }

  move(step, released) {
    const to = Math.min(Math.max(step, 0), this.last);
    if (to === this.last) this.pause();
    if (to === this.at && !released) return;
    this.at = to;
    this.showPlace();
    change(this.context, { at: to }, released);
  }

  begin() {
    if (this.at >= this.last) this.move(0, false);
    this.timer = setInterval(() => this.move(this.at + 1, this.at + 1 >= this.last), BEAT_MS);
    this.sign(PAUSE, "Pause");
  }

  pause() {
    if (this.timer) clearInterval(this.timer);
    this.timer = 0;
    this.sign(PLAY, "Play");
  }

  sign(drawing, label) {
    this.playButton.innerHTML = drawing;
    this.playButton.setAttribute("aria-label", label);
  }
}

const SKELETON = `
<section class="cursor-view panel" aria-label="The step under the cursor">
  <div class="bar" role="group" aria-label="Cursor">
    <button type="button" data-cursor="first" aria-label="To the start">${icon("M3 3V13M13 3L5 8L13 13Z")}</button>
    <button type="button" data-cursor="previous" aria-label="Step back">Back</button>
    <button type="button" data-cursor="next" class="next" aria-label="Next step">Step</button>
    <button type="button" data-cursor="play" aria-label="Play">${PLAY}</button>
    <input type="range" class="scrubber" min="0" max="60" step="1" value="0" aria-label="at">
    <span class="place"></span>
    <button type="button" data-cursor="last" aria-label="To the last step">${icon("M13 3V13M3 3L11 8L3 13Z")}</button>
  </div>
  <p class="step-heading"></p>
  <div class="lines"><div data-of="w"></div><div data-of="b"></div></div>
  <p class="path" role="status"></p>
  <p class="comparison"></p>
  <p class="stability"></p>
  <dl class="numbers">
    <div><dt>.grad of <i>w</i></dt><dd class="gradient" data-readout="w_grad"></dd></div>
    <div><dt>.grad of <i>b</i></dt><dd class="gradient" data-readout="b_grad"></dd></div>
    <div><dt>sharpness</dt><dd data-readout="sharpness"></dd></div>
    <div><dt>lr · sharpness</dt><dd data-readout="lr_sharpness"></dd></div>
  </dl>
  <div class="more"><div class="sliders settings"></div>
    <button type="button" class="log" aria-pressed="false" title="the loss on a logarithmic axis">log L</button></div>
  <details class="path-table"><summary>The path as a table</summary></details>
</section>`;

// What a teacher needs in a class: Predict, Share, projector mode, and the list of keys.

import { element, isPresenting } from "../shell/dom.js";
import { actOf } from "../shell/keyboard.js";
import { showTypeSize } from "../shell/type_size.js";
import { fitToPaper } from "./handout.js";
import { KeySheet } from "./key_sheet.js";
import { Share } from "./share.js";
import { ThemeSwitch } from "./theme_switch.js";
import { TypeSwitch } from "./type_switch.js";

export class Classroom {
  /** `timer` is started by a key; `onTour()` is called where the list of keys is asked for the tour. */
  constructor({ line, classroom }, timer, onTour) {
    Object.assign(this, { line, state: classroom, timer, closing: new AbortController() });
    this.root = element("div", { className: "classroom", innerHTML: BUTTONS });
    const buttons = [...this.root.querySelectorAll("[data-act]")];
    this.buttons = Object.fromEntries(buttons.map((one) => [one.dataset.act, one]));
    this.share = new Share(this.root);
    this.sheet = new KeySheet(this.root, onTour);
    this.theme = new ThemeSwitch(this.buttons.theme);
    this.type = new TypeSwitch(this.root);
    this.root.addEventListener("click", ({ target }) => this.act(target.closest("[data-act]")?.dataset.act));
    const on = (name, listener) => document.addEventListener(name, listener, { signal: this.closing.signal });
    on("keydown", (event) => this.key(event));
    on("pointerup", ({ target }) => this.letGo(target));
    on("fullscreenchange", () => this.shrink());
    fitToPaper(this.closing.signal);
  }

  close() {
    this.closing.abort();
    this.share.close();
    this.sheet.close();
    document.documentElement.classList.remove("presenting", "embedded");
  }

  /** Takes over another page. */
  open(skeleton) {
    this.skeleton = skeleton;
    this.buttons.predict.hidden = !skeleton.usual.length;
    this.share.open(skeleton);
  }

  update() {
    const { present, embedded, predict = [], named = [] } = this.state.current;
    this.project(Boolean(present));
    document.documentElement.classList.toggle("embedded", Boolean(embedded));
    this.buttons.predict.setAttribute("aria-pressed", String(this.isPredicting));
    this.share.update({ named, predict });
  }

  /** Whether something of this page is to be predicted. */
  get isPredicting() {
    const { predict = [] } = this.state.current;
    return this.skeleton.predictable.some(({ name }) => predict.includes(name));
  }

  project(isOn) {
    document.documentElement.classList.toggle("presenting", isOn);
    showTypeSize();
    this.buttons.present.setAttribute("aria-pressed", String(isOn));
    if (!isOn && this.isFull) this.leaveScreen();
  }

  act(name) {
    if (name === "present" || (name === "leave" && isPresenting())) this.present(!isPresenting());
    if (name === "keys") this.sheet.show(Boolean(this.skeleton.tour));
    if (name === "predict") this.predict();
    if (name === "timer") this.timer.press();
    if (name === "theme") this.line.release().then(() => this.theme.next());
    if (name === "share") this.line.release().then(() => this.share.show());
  }

  key(event) {
    const act = actOf(event, "page");
    if (!act || this.state.current.embedded || (act === "leave" && !isPresenting())) return;
    if (act !== "view") event.preventDefault();
    this.act(act);
  }

  predict() {
    this.state.set("predict", this.isPredicting ? null : this.skeleton.usual.join(","), { revealed: false });
    this.update();
  }

  /** The page changes at once; the address follows when it has taken in what was set before. */
  present(isOn) {
    if (isOn) this.fillScreen();
    else this.leaveScreen();
    this.state.set("present", isOn ? "1" : null, { revealed: false });
    this.update();
  }

  fillScreen() {
    document.documentElement.requestFullscreen?.().then(() => (this.isFull = true), () => {});
  }

  leaveScreen() {
    this.isFull = false;
    if (document.fullscreenElement) document.exitFullscreen();
  }

  /** Escape ends the browser's full screen without telling any page of a key. */
  shrink() {
    if (document.fullscreenElement || !this.isFull) return;
    this.isFull = false;
    if (isPresenting()) this.present(false);
  }

  /** After a drag the clicker's keys are the walk's again, not the slider's. */
  letGo(target) {
    if (isPresenting() && target.matches?.("input[type=range]")) target.blur();
  }
}

const BUTTONS = `
  <div class="buttons">
    <button type="button" data-act="predict" aria-pressed="false" title="Cover the gradients, and predict them first">
      Predict
    </button>
    <button type="button" data-act="share" aria-haspopup="dialog">Share</button>
    <button type="button" data-act="present" aria-pressed="false" title="Projector mode (p)">Present</button>
    <button type="button" class="type">Aa</button>
    <button type="button" data-act="theme" class="theme">◐</button>
    <button type="button" data-act="keys" class="keys" title="Keys and words (?)" aria-haspopup="dialog"
      aria-label="Keys and words">?</button>
  </div>
  <button type="button" data-act="leave" class="leave" title="Leave (Esc)" aria-label="Leave projector mode">
    ×
  </button>
  <p class="announcer type-said" role="status"></p>`;

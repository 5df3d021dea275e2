import { channelOf } from "../channel.js";
import { actOf } from "../keyboard.js";
import { styles } from "../styles.js";
import { KeySheet } from "./key_sheet.js";
import { Share } from "./share.js";

await Promise.all([styles("../page.css", import.meta.url), styles("classroom.css", import.meta.url)]);

export default function render({ parentElement, data, setStateValue }) {
  const classroom = parentElement.classroom ?? (parentElement.classroom = new Classroom(parentElement));
  classroom.send = (isOn) => setStateValue("present", { isOn, seq: Date.now() });
  classroom.predict = (isOn) => setStateValue("predict", { isOn, seq: Date.now() });
  classroom.update(data);
  return () => classroom.close();
}

class Classroom {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "classroom";
    this.root.innerHTML = BUTTONS;
    parent.append(this.root);
    this.share = new Share(this.root);
    this.sheet = new KeySheet(this.root);
    this.root.addEventListener("click", ({ target }) => this.act(target.closest("[data-act]")?.dataset.act));
    this.listeners = [
      ["keydown", (event) => this.key(event)],
      ["pointerup", ({ target }) => this.letGo(target)],
      ["fullscreenchange", () => this.shrink()],
    ];
    for (const [name, listener] of this.listeners) document.addEventListener(name, listener);
  }

  close() {
    for (const [name, listener] of this.listeners) document.removeEventListener(name, listener);
    this.share.close();
    this.sheet.close();
  }

  get isOn() {
    return document.documentElement.classList.contains("presenting");
  }

  update(data) {
    this.data = data;
    this.share.update(data);
    this.project(data.present);
    const predict = this.root.querySelector('[data-act="predict"]');
    predict.hidden = !data.asks;
    predict.setAttribute("aria-pressed", String(data.predicts));
    document.documentElement.classList.toggle("embedded", data.embedded);
  }

  project(isOn) {
    document.documentElement.classList.toggle("presenting", isOn);
    this.root.querySelector('[data-act="present"]').setAttribute("aria-pressed", String(isOn));
  }

  act(name) {
    if (name === "present" || (name === "leave" && this.isOn)) this.present(!this.isOn);
    if (name === "keys") this.sheet.open(this.data.tours);
    if (name === "predict") channelOf(this.data.page).release(() => this.predict(!this.data.predicts));
    if (name === "share") channelOf(this.data.page).release(() => this.share.open());
  }

  key(event) {
    const act = actOf(event, "page");
    if (!act || this.data.embedded || (act === "leave" && !this.isOn)) return;
    if (act !== "view") event.preventDefault();
    this.act(act);
  }

  /** The look changes at once; the address follows when it has taken in what was set before. */
  present(isOn) {
    this.project(isOn);
    if (isOn) document.documentElement.requestFullscreen?.().then(() => (this.isFull = true), () => {});
    else if (document.fullscreenElement) document.exitFullscreen();
    channelOf(this.data.page).release(() => this.send(isOn));
  }

  /** Escape ends the browser's full screen without telling any page of a key. */
  shrink() {
    if (document.fullscreenElement || !this.isFull) return;
    this.isFull = false;
    if (this.isOn) this.present(false);
  }

  /** After a drag the clicker's keys are the walk's again, not the slider's. */
  letGo(target) {
    if (this.isOn && target.matches?.("input[type=range]")) target.blur();
  }
}

const BUTTONS = `
  <div class="buttons">
    <button type="button" data-act="predict" aria-pressed="false" title="Cover the gradients, and predict them first">Predict</button>
    <button type="button" data-act="share" aria-haspopup="dialog">Share</button>
    <button type="button" data-act="present" aria-pressed="false" title="Projector mode (p)">Present</button>
    <button type="button" data-act="keys" class="keys" aria-label="Keys" aria-haspopup="dialog" title="Keys (?)">?</button>
  </div>
  <button type="button" data-act="leave" class="leave" aria-label="Leave projector mode" title="Leave (Esc)">×</button>`;

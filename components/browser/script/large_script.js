// The script over the whole screen, in type that is read from the last row: numbered lines, to be copied.

import { element } from "../shell/dom.js";
import { coloured, copyText } from "./code_text.js";

export class LargeScript {
  constructor(dialog) {
    this.dialog = dialog;
    this.code = dialog.querySelector("pre");
    this.status = dialog.querySelector("output");
    dialog.querySelector(".copy").addEventListener("click", () => this.copy());
    dialog.querySelector(".close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.closed());
    this.shrink = () => document.fullscreenElement || dialog.close();
  }

  /** A line's number is no text of it: what is selected is the script alone. */
  write(script) {
    this.script = script;
    const lines = script.trimEnd().split("\n");
    this.code.replaceChildren(...lines.map((line) => element("div", {}, coloured(`${line}\n`))));
  }

  show() {
    this.dialog.showModal();
    this.code.focus();
    this.hadScreen = Boolean(document.fullscreenElement);
    if (!this.hadScreen) document.documentElement.requestFullscreen?.().catch(() => {});
    document.addEventListener("fullscreenchange", this.shrink);
  }

  close() {
    this.dialog.close();
    this.closed();
  }

  /** The browser's full screen ends with the dialog that asked for it. */
  closed() {
    document.removeEventListener("fullscreenchange", this.shrink);
    if (this.hadScreen === false && document.fullscreenElement) document.exitFullscreen();
    this.hadScreen = undefined;
    this.status.textContent = "";
  }

  async copy() {
    this.status.textContent = await copyText(this.script, this.code);
  }
}

// Take it home: the page's state as a short torch script, to copy and to download.

import { fromHtml } from "../shell/dom.js";
import { save } from "../shell/save.js";
import { coloured, copyText } from "./code_text.js";
import { LargeScript } from "./large_script.js";

const REST_MS = 140;
const SAID_MS = 2500;
const LATER = "?  # the program stands here at the walk’s last step";
const TYPES = { py: "text/x-python", ipynb: "application/x-ipynb+json" };

/** The script is asked for only while the panel is open, and once the hand rests. */
export default class TakeHome {
  constructor(root, { line, address, part }) {
    this.line = line;
    root.append(fromHtml(part.html));
    this.panel = root.querySelector("details");
    this.code = root.querySelector("code");
    this.status = root.querySelector("output");
    this.large = new LargeScript(root.querySelector("dialog"));
    this.largeButton = root.querySelector("[data-large]");
    this.playgroundButton = root.querySelector("[data-playground]");
    this.playgroundButton.addEventListener("click", () => address.go("playground", this.script.playground));
    this.copyButton = root.querySelector("[data-copy]");
    this.saveButtons = [...root.querySelectorAll("[data-file]")];
    this.panel.addEventListener("toggle", () => this.ask());
    this.copyButton.addEventListener("click", () => this.copy());
    this.largeButton.addEventListener("click", () => this.large.show());
    for (const one of this.saveButtons) one.addEventListener("click", () => this.save(one.dataset.file));
  }

  close() {
    this.large.close();
    clearTimeout(this.rest);
    clearTimeout(this.fading);
  }

  update({ values, script, graph }) {
    this.values = JSON.stringify(values);
    this.cover(Boolean(graph?.walk) && graph.view.step < graph.walk.of);
    if (!this.panel.open) return;
    if (script) this.show(script);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.ask(), REST_MS);
  }

  /** An answer that is still to come calls `update` again. */
  ask() {
    const isOld = this.values !== undefined && this.values !== this.shown;
    if (this.panel.open && isOld && !this.isCovered && !this.line.isAhead) this.line.submit({ export: "script" });
  }

  /** While a walk is under way, the whole program would tell what is still to come. */
  cover(isCovered) {
    if (isCovered === this.isCovered) return;
    this.isCovered = isCovered;
    this.shown = null;
    this.write(isCovered ? LATER : "");
    this.enable(false);
  }

  write(code) {
    this.code.replaceChildren(...coloured(code));
    this.large.write(code);
  }

  enable(isEnabled) {
    const buttons = [this.copyButton, this.largeButton, this.playgroundButton, ...this.saveButtons];
    for (const one of buttons) one.disabled = !isEnabled;
  }

  show(script) {
    this.script = script;
    this.shown = this.values;
    this.write(script.py);
    this.enable(true);
    for (const one of this.saveButtons) one.title = `Download ${script.name}.${one.dataset.file}`;
  }

  async copy() {
    this.say(await copyText(this.script.py, this.code));
  }

  save(kind) {
    const { name, [kind]: text } = this.script;
    save(text, `${name}.${kind}`, TYPES[kind]);
    this.say(`Saved ${name}.${kind}`);
  }

  say(text) {
    this.status.textContent = text;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => (this.status.textContent = ""), SAID_MS);
  }
}

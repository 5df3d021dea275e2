// Take it home: the page's state as a short torch script, to copy and to download.

import { element, fromHtml } from "../shell/dom.js";
import { save } from "../shell/save.js";

const REST_MS = 140;
const SAID_MS = 2500;
const TYPES = { py: "text/x-python", ipynb: "application/x-ipynb+json" };

/** The script is asked for only while the panel is open, and once the hand rests. */
export default class TakeHome {
  constructor(root, { line, part }) {
    this.line = line;
    root.append(fromHtml(part.html));
    this.panel = root.querySelector("details");
    this.code = root.querySelector("code");
    this.status = root.querySelector("output");
    this.copyButton = root.querySelector("[data-copy]");
    this.saveButtons = [...root.querySelectorAll("[data-file]")];
    this.panel.addEventListener("toggle", () => this.ask());
    this.copyButton.addEventListener("click", () => this.copy());
    for (const one of this.saveButtons) one.addEventListener("click", () => this.save(one.dataset.file));
  }

  close() {
    clearTimeout(this.rest);
    clearTimeout(this.fading);
  }

  update({ values, script }) {
    this.values = JSON.stringify(values);
    if (!this.panel.open) return;
    if (script) this.show(script);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.ask(), REST_MS);
  }

  /** An answer that is still to come calls `update` again. */
  ask() {
    const isOld = this.values !== undefined && this.values !== this.shown;
    if (this.panel.open && isOld && !this.line.isAhead) this.line.submit({ export: "script" });
  }

  show(script) {
    this.script = script;
    this.shown = this.values;
    this.code.replaceChildren(...script.py.split(/(#.*)/).map(coloured));
    for (const one of [this.copyButton, ...this.saveButtons]) one.disabled = false;
    for (const one of this.saveButtons) one.title = `Download ${script.name}.${one.dataset.file}`;
  }

  async copy() {
    const isCopied = (await toClipboard(this.script.py)) || this.select();
    this.say(isCopied ? "Copied" : "Selected: now copy it with the keyboard");
  }

  /** The way without a permission: what is selected is copied, and stays selected where even that is refused. */
  select() {
    getSelection().selectAllChildren(this.code);
    return document.execCommand("copy");
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

function coloured(part) {
  return part.startsWith("#") ? element("span", { className: "comment", textContent: part }) : part;
}

async function toClipboard(text) {
  return Boolean(navigator.clipboard) && navigator.clipboard.writeText(text).then(() => true, () => false);
}

import { channelOf } from "../channel.js";
import { save } from "../save.js";
import { styles } from "../styles.js";

await Promise.all([styles("../page.css", import.meta.url), styles("take_home.css", import.meta.url)]);

const REST_MS = 140;
const SAID_MS = 2500;
const TYPES = { py: "text/x-python", ipynb: "application/x-ipynb+json" };

export default function render({ parentElement, data }) {
  const view = parentElement.takeHome ?? (parentElement.takeHome = new TakeHome(parentElement, channelOf(data.page)));
  return () => view.close();
}

/** The script is asked for only while the panel is open, and once the hand rests. */
class TakeHome {
  constructor(parent, channel) {
    this.channel = channel;
    this.panel = parent.querySelector("details");
    this.code = parent.querySelector("code");
    this.said = parent.querySelector("output");
    this.copier = parent.querySelector("[data-copy]");
    this.savers = [...parent.querySelectorAll("[data-file]")];
    this.panel.addEventListener("toggle", () => this.ask());
    this.copier.addEventListener("click", () => this.copy());
    for (const button of this.savers) button.addEventListener("click", () => this.save(button.dataset.file));
    this.unsubscribe = channel.subscribe((message) => this.update(message));
  }

  close() {
    this.unsubscribe();
    clearTimeout(this.rest);
    clearTimeout(this.hush);
  }

  update({ inputs, script }) {
    this.inputs = inputs;
    if (!this.panel.open) return;
    if (script) this.show(script);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.ask(), REST_MS);
  }

  /** An answer that is still to come calls `update` again. */
  ask() {
    const isOld = this.inputs && JSON.stringify(this.inputs) !== this.state;
    if (this.panel.open && isOld && !this.channel.isAhead()) this.channel.submit({ take: "script" });
  }

  show(script) {
    this.script = script;
    this.state = JSON.stringify(this.inputs);
    this.code.replaceChildren(...script.py.split(/(#.*)/).map(coloured));
    for (const button of [this.copier, ...this.savers]) button.disabled = false;
    for (const button of this.savers) button.title = `Download ${script.name}.${button.dataset.file}`;
  }

  async copy() {
    const isCopied = (await written(this.script.py)) || this.select();
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
    this.said.textContent = text;
    clearTimeout(this.hush);
    this.hush = setTimeout(() => (this.said.textContent = ""), SAID_MS);
  }
}

function coloured(part) {
  return part.startsWith("#") ? Object.assign(document.createElement("span"), { className: "comment", textContent: part }) : part;
}

async function written(text) {
  return Boolean(navigator.clipboard) && navigator.clipboard.writeText(text).then(() => true, () => false);
}

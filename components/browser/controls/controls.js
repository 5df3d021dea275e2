import { Announcer } from "../announcer.js";
import { receive } from "../channel.js";
import { styles } from "../styles.js";
import { element } from "./element.js";
import { EntryList } from "./entry_list.js";

await Promise.all([styles("../page.css", import.meta.url), styles("live_sliders.css", import.meta.url)]);

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const MOST_SHOWN = 24;

export default function render({ parentElement, data, setStateValue }) {
  const panel = parentElement.sliders ?? (parentElement.sliders = new Sliders(parentElement));
  const send = (event) => setStateValue("event", event);
  if (panel.data !== data) panel.attach(receive((panel.data = data), send));
  else panel.channel.setSender(send);
  return () => panel.close();
}

class Sliders {
  constructor(parent) {
    this.root = element("div", { className: "sliders" });
    this.controls = new Map();
    this.lists = [];
    this.presets = new Map();
    this.keyDown = false;
    parent.append(this.root);
    this.announcer = new Announcer(parent);
    this.resize = new ResizeObserver(() => document.documentElement.style.setProperty("--sliders-height", `${this.root.offsetHeight}px`));
    this.resize.observe(this.root);
  }

  /** To the line of its page, once. */
  attach(channel) {
    if (this.channel === channel) return;
    this.channel = channel;
    this.unsubscribe = channel.subscribe((message, structure) => this.update(message, structure));
  }

  close() {
    this.announcer.close();
    this.unsubscribe();
    this.resize.disconnect();
    for (const list of this.lists) list.close();
    this.channel.setSender(null);
  }

  update(message, structure) {
    if (structure && this.built !== structure.controls) this.build((this.built = structure.controls));
    if (!this.channel.isAhead()) this.adopt(message.inputs);
    this.hide(message.hidden ?? []);
    this.markPreset();
    this.announcer.hear(message, structure);
    if (message.notices.length && this.noticed !== message) this.say((this.noticed = message).notices);
  }

  /** What the address hides leaves its place to its neighbours. */
  hide(names) {
    if (this.hidden === String(names)) return;
    this.hidden = String(names);
    document.documentElement.dataset.hidden = names.join(" ");
    this.root.classList.toggle("unseen", names.includes("sliders"));
  }

  build({ sliders, lists: named, presets, choices }) {
    this.controls.clear();
    for (const list of this.lists) list.close();
    this.lists = named.map((list) => new EntryList(list, this));
    this.choices = choices.map((choice) => this.choice(choice));
    this.presets.clear();
    const cells = sliders.map((slider) => this.cell(slider));
    for (const cell of cells) this.controls.set(cell.name, cell);
    const starts = element("div", { className: "presets", role: "group" }, [
      element("span", { className: "label", textContent: "Start from" }),
      ...presets.map((preset) => this.preset(preset)),
      ...presets.slice(0, 1).map(({ values }) => this.button("Reset", "reset", () => this.choose(values))),
    ]);
    starts.setAttribute("aria-label", "Start from");
    this.notice = element("div", { className: "notice", role: "status", hidden: true });
    starts.prepend(...this.choices.map(({ parentElement }) => parentElement));
    starts.hidden = presets.length === 0 && choices.length === 0;
    const single = element("div", { className: "cells", hidden: !cells.length }, cells.map(({ root }) => root));
    const lists = element("div", { className: "lists", hidden: !this.lists.length }, this.lists.map(({ root }) => root));
    this.root.replaceChildren(single, lists, starts, this.notice);
  }

  choice({ name, options }) {
    const select = element("select", { name }, options.map(([value, label]) => element("option", { value, textContent: label })));
    select.setAttribute("aria-label", name);
    select.addEventListener("change", () => this.chosen());
    element("label", { className: "choice" }, [`${name} `, select]);
    return select;
  }

  chosen() {
    this.arrange();
    this.send(true);
  }

  /** Shows the lists that count under what is chosen. */
  arrange() {
    for (const { root, when } of this.lists) root.hidden = Boolean(when) && this.choices.some(({ name, value }) => name === when[0] && value !== when[1]);
  }

  /** A slider with its number field, under one name. */
  cell(slider) {
    const range = element("input", { type: "range", min: slider.min, max: slider.max, step: slider.step });
    range.setAttribute("aria-label", slider.name);
    const field = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
    field.setAttribute("aria-label", `${slider.name} value`);
    const control = { ...slider, range, field, value: null };
    this.listenToRange(control);
    this.listenToField(control);
    const name = element("span", { className: "name", textContent: slider.name });
    const meaning = element("span", { className: "meaning", textContent: slider.meaning });
    control.root = element("div", { className: "cell" }, [element("div", { className: "head" }, [name, meaning, field]), range]);
    return control;
  }

  /** A list has been made longer or shorter: those that belong to it follow. */
  resized(list) {
    for (const other of this.lists) if (other.of === list.name) other.resize(list.values.length);
    this.send(true);
  }

  listenToRange(control) {
    const { range } = control;
    const release = () => this.changed(control, Number(range.value), true);
    range.addEventListener("input", () => this.changed(control, Number(range.value), false));
    range.addEventListener("change", () => this.keyDown || release());
    range.addEventListener("keydown", () => (this.keyDown = true));
    range.addEventListener("keyup", ({ key }) => {
      this.keyDown = false;
      if (key !== "Tab" && key !== "Shift") release();
    });
    range.addEventListener("blur", () => (this.keyDown = false));
  }

  listenToField(control) {
    const { field } = control;
    field.addEventListener("focus", () => field.select());
    field.addEventListener("change", () => this.typed(control));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.typed(control);
      if (event.key === "Escape") field.value = written(control);
      const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!direction) return;
      event.preventDefault();
      this.changed(control, snap(control, control.value + direction * control.step), true);
    });
  }

  typed(control) {
    const text = control.field.value.trim().replace("\u2212", "-").replace(",", ".");
    if (text === written(control)) return this.show(control, control.value);
    const number = Number(text);
    if (!NUMBER.test(text) || !Number.isFinite(number)) {
      this.say([`${control.name}: “${cut(text)}” is not a number; ${control.name} stays ${written(control)}.`]);
      return this.show(control, control.value);
    }
    const value = snap(control, number);
    const beyond = number < control.min || number > control.max;
    if (value !== number) {
      const why = beyond ? `is outside ${control.min} to ${control.max}` : "is between two steps";
      this.say([`${control.name}: “${cut(text)}” ${why}; ${control.name} is ${value.toFixed(control.decimals)}.`]);
    }
    this.changed(control, value, true);
  }

  changed(control, value, released) {
    const moved = control.value !== value;
    this.show(control, value);
    if (moved || released) this.send(released);
  }

  choose(values) {
    this.adopt(values);
    this.hush();
    this.send(true);
  }

  send(released) {
    const values = Object.fromEntries([...this.controls].map(([name, control]) => [name, control.value]));
    for (const { name, value } of this.choices) values[name] = value;
    for (const list of this.lists) values[list.name] = list.values;
    this.channel.change(values, released);
  }

  /** Marks the starting point that the sliders stand on, if they do. */
  markPreset() {
    for (const [button, values] of this.presets) {
      const set = [...this.choices, ...this.controls.values()].every(({ name, value }) => value === values[name]);
      const here = set && this.lists.every((list) => String(list.values) === String(values[list.name]));
      button.setAttribute("aria-pressed", String(here));
    }
  }

  adopt(inputs) {
    for (const select of this.choices) if (select.value !== inputs[select.name]) select.value = inputs[select.name];
    for (const [name, control] of this.controls) this.show(control, inputs[name]);
    for (const list of this.lists) list.show(inputs[list.name]);
    this.arrange();
  }

  show(control, value) {
    if (control.value !== value || control.range.value === "") {
      control.value = value;
      control.range.style.setProperty("--filled", (value - control.min) / (control.max - control.min));
    }
    if (Number(control.range.value) !== value) control.range.value = value;
    const text = written(control);
    if (control.field.value !== text && !(document.activeElement === control.field && this.channel.isAhead())) control.field.value = text;
  }

  preset({ name, values }) {
    const button = this.button(name, "chip", () => this.choose(values));
    this.presets.set(button, values);
    return button;
  }

  button(label, className, action) {
    const button = element("button", { type: "button", className, textContent: label });
    button.addEventListener("click", action);
    return button;
  }

  say(sentences) {
    const close = this.button("×", "close", () => this.hush());
    close.setAttribute("aria-label", "Dismiss");
    this.notice.replaceChildren(element("span", { textContent: sentences.join(" ") }), close);
    this.notice.hidden = false;
  }

  hush() {
    this.notice.hidden = true;
  }
}

function snap({ min, max, step, decimals }, number) {
  const inside = Math.min(Math.max(number, min), max);
  return Number((Math.round(inside / step) * step).toFixed(decimals)) + 0;
}

function written({ value, decimals }) {
  return value === null ? "" : value.toFixed(decimals);
}

function cut(text) {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}

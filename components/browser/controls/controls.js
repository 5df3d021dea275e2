// The page's controls: sliders, lists of sliders, choices, and starting points.

import { button, element } from "../shell/dom.js";
import { change } from "./change.js";
import { EntryList } from "./entry_list.js";
import { NumberControl } from "./number_control.js";

export default class Controls {
  constructor(root, { line, address, skeleton, notice }) {
    Object.assign(this, { line, address, skeleton, notice });
    Object.assign(this, { controls: [], lists: [], choices: [], presets: new Map() });
    this.root = element("div", { className: "sliders" });
    root.append(this.root);
    this.resize = new ResizeObserver(() => tellHeight(this.root));
  }

  close() {
    this.resize.disconnect();
    tellHeight(null);
    for (const list of this.lists) list.close();
  }

  update({ values }, { controls }) {
    if (this.built !== controls) this.build((this.built = controls));
    if (this.line.isAhead) this.follow(this.line.chosen.values ?? {});
    else this.adopt(values);
    this.markPreset(values);
  }

  build({ sliders, lists, presets, choices }) {
    for (const list of this.lists) list.close();
    this.controls = sliders.filter(({ part }) => !part).map((slider) => this.control(slider));
    this.lists = lists.map((list) => this.list(list));
    this.choices = choices.filter(({ part }) => !part).map((choice) => this.choice(choice));
    const shown = new Set([...sliders, ...this.lists, ...this.choices].map(({ name }) => name));
    this.elsewhere = Object.keys(presets[0]?.values ?? {}).filter((name) => !shown.has(name));
    const starts = this.starts(presets);
    starts.prepend(...this.choices.map(({ parentElement }) => parentElement));
    starts.hidden = presets.length === 0 && this.choices.length === 0;
    this.root.replaceChildren(group("cells", this.controls), group("lists", this.lists), starts);
    this.resize.disconnect();
    for (const part of this.root.children) this.resize.observe(part);
  }

  control(slider) {
    const onChange = (value, released) => this.change({ [slider.name]: value }, released);
    return new NumberControl(slider, { onChange });
  }

  list(list) {
    return new EntryList(list, {
      onChange: ({ name, values }, released) => this.change({ [name]: values }, released),
      onResize: (resized) => this.resized(resized),
    });
  }

  /** A list has been made longer or shorter: those that belong to it follow. */
  resized({ name, values }) {
    for (const other of this.lists) if (other.of === name) other.resize(values.length);
    this.change(Object.fromEntries(this.lists.map((list) => [list.name, list.values])), true);
  }

  choice({ name, options, label = name }) {
    const entries = options.map(([value, textContent]) => element("option", { value, textContent }));
    const select = element("select", { name, "aria-label": name }, entries);
    select.addEventListener("change", () => {
      this.arrange();
      this.change({ [name]: select.value }, true);
    });
    element("label", { className: "choice" }, [`${label} `, select]);
    return select;
  }

  /** Shows the lists that count under what is chosen. */
  arrange() {
    for (const { root, when } of this.lists) {
      root.hidden = Boolean(when) && this.choices.some(({ name, value }) => name === when[0] && value !== when[1]);
    }
  }

  starts(presets) {
    const [first] = presets;
    const isGrouped = presets.some((preset) => preset.group);
    const choosers = isGrouped ? [this.presetChoice(presets)] : this.chips(presets);
    const resets = first ? [button("Reset", { className: "reset" }, () => this.choose(first.values))] : [];
    const label = element("span", { className: "label", textContent: "Start from" });
    return element("div", { className: "presets", role: "group", "aria-label": "Start from" }, [
      element("div", { className: "starts" }, [label, ...choosers, ...resets]),
    ]);
  }

  chips(presets) {
    const buttons = presets.map(({ name, values }) => button(name, { className: "chip" }, () => this.choose(values)));
    this.presets = new Map(presets.map(({ values }, i) => [buttons[i], values]));
    return buttons;
  }

  /** Many starting points are chosen from a list, under the titles of their groups. */
  presetChoice(presets) {
    const own = element("option", { value: "", textContent: "your own" });
    const select = element("select", { className: "start", "aria-label": "start from" }, [own]);
    this.presets = new Map();
    let place = select;
    for (const { name, values, group: label } of presets) {
      if (label) select.append((place = element("optgroup", { label })));
      const option = element("option", { value: name, textContent: name });
      this.presets.set(option, values);
      place.append(option);
    }
    select.addEventListener("change", () => select.value && this.choose(this.presets.get(select.selectedOptions[0])));
    return select;
  }

  choose(values) {
    const listed = this.lists.flatMap(({ controls }) => controls);
    for (const { entry } of [...this.controls, ...listed]) entry.discard();
    this.adopt(values);
    this.notice.hide();
    this.change(values, true);
  }

  change(values, released) {
    change(this, values, released);
  }

  /** Marks the starting point that the controls stand on, if they do; `newest` has what is chosen elsewhere. */
  markPreset(newest) {
    const parts = [...this.choices, ...this.controls, ...this.elsewhere.map((name) => ({ name, value: newest[name] }))];
    let here = null;
    for (const [chip, values] of this.presets) {
      const isHere = parts.every(({ name, value }) => String(value) === String(values[name]))
        && this.lists.every((list) => String(list.values) === String(values[list.name]));
      if (isHere) here ??= chip;
      if (chip.localName === "button") chip.setAttribute("aria-pressed", String(isHere));
    }
    const select = this.root.querySelector("select.start");
    if (select) select.value = here?.value ?? "";
  }

  /** What is moved elsewhere on the page is moved here, before it is answered. */
  follow(chosen) {
    for (const control of this.controls) {
      const value = chosen[control.name];
      if (typeof value === "number" && value !== control.value) control.show(value);
    }
  }

  adopt(values) {
    for (const select of this.choices) if (select.value !== values[select.name]) select.value = values[select.name];
    for (const control of this.controls) control.show(values[control.name]);
    for (const list of this.lists) list.show(values[list.name]);
    this.arrange();
  }
}

/** On a phone the sliders lie over the page's lower end. */
function tellHeight(root) {
  const heights = [...root?.children ?? []].filter(isFixed).map(({ offsetHeight }) => offsetHeight);
  document.documentElement.style.setProperty("--sliders-height", `${Math.max(0, ...heights)}px`);
}

function isFixed(part) {
  return getComputedStyle(part).position === "fixed";
}

function group(className, members) {
  return element("div", { className, hidden: !members.length }, members.map(({ root }) => root));
}

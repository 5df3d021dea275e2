// Blocks of text with places for numbers: `data-readout` names a number, `data-text` a piece of text, `data-bar` a bar.

import { explainIn, setExplained } from "../glossary/glossary.js";
import { fromHtml, setText } from "../shell/dom.js";

/** All digits and the text of a number that is kept from the visitor. */
export const COVERED = ["covered", "?"];
const reported = new Set();

export default class Readouts {
  constructor(root, { part }) {
    this.block = explainIn(fromHtml(part.html));
    root.append(this.block);
    this.places = placesIn(root);
    if (!this.places.length) this.block.dataset.ready = "";
  }

  update(message, structure) {
    for (const place of this.places) place.update(message, structure);
    this.block.dataset.ready = "";
  }

  close() {}
}

/** All places for numbers and texts inside an element. */
export function placesIn(root) {
  const find = (selector, Place) => [...root.querySelectorAll(selector)].map((place) => new Place(place));
  return [...find("[data-readout]", NumberPlace), ...find("[data-text]", TextPlace), ...find("[data-bar]", BarPlace)];
}

/** `data-of` names the number where the same one has a place of its own elsewhere on the page. */
class NumberPlace {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.of ?? root.dataset.readout;
    if (root.matches("dd, td:not(.ulps)")) root.tabIndex = 0;
  }

  /** A number that the address keeps, or that a walk has yet to come to, is not in the message: its place says so. */
  update(message) {
    const [exact, text] = message.readouts[this.name] ?? missing(this.name, message);
    if (this.exact === exact) return;
    this.exact = exact;
    this.root.dataset.value = exact;
    this.root.title = exact;
    const write = exact === text && !COVERED.includes(exact) ? setExplained : setText;
    write(this.root, text);
    const isBroken = exact === "nan" || exact.endsWith("inf");
    if (isBroken !== this.isBroken) this.root.classList.toggle("broken", (this.isBroken = isBroken));
    const isList = exact.startsWith("[") && this.root.matches("dd");
    if (isList !== this.isList) this.root.parentElement.classList.toggle("list", (this.isList = isList));
  }
}

/** Text that moves with the numbers, or else stands still. */
class TextPlace {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.text;
    this.write = root.matches("p") ? setExplained : setText;
  }

  update({ texts }, structure) {
    this.write(this.root, texts[this.name] ?? structure.texts?.[this.name] ?? "");
  }
}

/** A bar as long as a readout's number: `--amount` for the style sheet, the sign as `data-sign`. */
class BarPlace {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.bar;
  }

  update({ readouts }) {
    const [exact] = readouts[this.name] ?? ["0"];
    if (this.exact === exact) return;
    this.exact = exact;
    this.root.style.setProperty("--amount", exact);
    this.root.dataset.sign = Math.sign(Number(exact));
  }
}

/** Where nothing is hidden or yet to come, a number that is not there has a wrong name: said once to its author. */
function missing(name, { page, hidden = [], graph }) {
  if (!hidden.length && !graph?.walk && !reported.has(`${page} ${name}`)) {
    reported.add(`${page} ${name}`);
    console.warn(`The page ${page} has a place for “${name}”, but no number of this name.`);
  }
  return COVERED;
}

// The program that a page ran: its lines, and below each what torch answered.

import { element, fromHtml, keepUntranslated } from "../shell/dom.js";

const TAGS = { code: "code", output: "samp", error: "samp", cause: "p", cure: "p" };
const SKELETON = `
  <section class="program panel" aria-label="The code that was run"><h2>The code that was run</h2><ol></ol></section>`;

/** Lines stay in place while what they say changes. */
export default class Program {
  constructor(root, { part }) {
    this.name = part.name;
    this.list = root.appendChild(fromHtml(SKELETON)).querySelector("ol");
    keepUntranslated(this.list);
  }

  close() {}

  update(message) {
    const lines = message[this.name];
    if (!lines) return;
    const shape = JSON.stringify(lines.map((line) => Object.keys(line)));
    if (shape !== this.shape) this.build(lines);
    this.shape = shape;
    lines.forEach((line, i) => {
      for (const [part, text] of Object.entries(line)) write(this.places[i][part], text);
    });
  }

  build(lines) {
    this.places = lines.map((line) => {
      const parts = Object.keys(TAGS).filter((part) => part in line);
      return Object.fromEntries(parts.map((part) => [part, placeOf(part)]));
    });
    this.list.replaceChildren(...this.places.map((parts) => element("li", {}, Object.values(parts))));
  }
}

function write(place, text) {
  if (place.textContent === text) return;
  place.textContent = text;
  if (place.dataset.readout) place.dataset.value = text;
}

function placeOf(part) {
  const made = element(TAGS[part], { className: part });
  if (part === "error") made.dataset.readout = "error";
  return made;
}

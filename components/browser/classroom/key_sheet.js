// The list of all keys, out of the one table that the views obey, and of all words that the pages explain.

import { TERMS } from "../glossary/terms.js";
import { button, element, fromHtml } from "../shell/dom.js";
import { KEYS, areLettersOn, switchLetters } from "../shell/keyboard.js";
import { SIZES } from "../shell/type_size.js";

const SIGNS = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  " ": "Space",
  PageUp: "Page Up",
  PageDown: "Page Down",
  Escape: "Esc",
};

export class KeySheet {
  constructor(parent, onTour) {
    this.dialog = parent.appendChild(fromHtml(SKELETON));
    this.dialog.querySelector(".groups").append(...Object.values(KEYS).map(group));
    this.dialog.querySelector(".terms").append(...TERMS.flatMap(word));
    this.dialog.querySelector(".sizes").append(...SIZES.map(sizeButton));
    this.letters = this.dialog.querySelector("input");
    this.tour = this.dialog.querySelector(".again");
    this.tour.addEventListener("click", () => {
      this.close();
      onTour();
    });
    this.letters.addEventListener("change", () => switchLetters(this.letters.checked));
    this.dialog.addEventListener("click", ({ target }) => {
      if (target === this.dialog || target.closest(".close")) this.close();
    });
  }

  show(hasTour) {
    this.tour.hidden = !hasTour;
    this.letters.checked = areLettersOn();
    this.dialog.showModal();
  }

  close() {
    this.dialog.close();
  }
}

function group({ title, rows }) {
  const list = element("dl", {}, rows.flatMap(row));
  return element("section", {}, [element("h3", { textContent: title }), list]);
}

function sizeButton(size) {
  return button(`${size} %`, { "data-size": size });
}

function word({ name, says }) {
  return [element("dt", { textContent: name }), element("dd", { textContent: says })];
}

function row({ keys, free = [], idle = [], says }) {
  const signs = [...keys, ...free, ...idle].map((key) => element("kbd", { textContent: SIGNS[key] ?? key }));
  return [element("dt", {}, signs), element("dd", { textContent: says })];
}

const SKELETON = `
  <dialog class="key-sheet" aria-labelledby="key-sheet-title">
    <header>
      <h2 id="key-sheet-title">Keys and words</h2>
      <button type="button" class="close" aria-label="Close">×</button>
    </header>
    <div class="groups"></div>
    <button type="button" class="again">Take the tour</button>
    <button type="button" data-act="theme">Another theme</button>
    <div class="sizes" role="group" aria-label="Size of type"><span>Type:</span></div>
    <label class="tick">
      <input type="checkbox"> <span>Keys of one letter work: <kbd>p</kbd> <kbd>v</kbd> <kbd>t</kbd> <kbd>?</kbd></span>
    </label>
    <section aria-labelledby="words-title"><h2 id="words-title">Words</h2><dl class="terms"></dl></section>
  </dialog>`;

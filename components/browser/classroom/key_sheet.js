// The list of all keys, out of the one table that the widgets obey.

import { START } from "../tour/start.js";
import { KEYS, areLettersOn, switchLetters } from "../keyboard.js";

const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "Space", PageUp: "Page Up", PageDown: "Page Down", Escape: "Esc" };

export class KeySheet {
  constructor(parent) {
    this.dialog = document.createElement("dialog");
    this.dialog.className = "key-sheet";
    this.dialog.setAttribute("aria-labelledby", "key-sheet-title");
    this.dialog.innerHTML = SKELETON;
    this.dialog.querySelector(".groups").append(...Object.values(KEYS).map(group));
    this.letters = this.dialog.querySelector("input");
    this.tour = this.dialog.querySelector(".again");
    this.tour.addEventListener("click", () => {
      this.close();
      document.dispatchEvent(new CustomEvent(START));
    });
    this.letters.addEventListener("change", () => switchLetters(this.letters.checked));
    this.dialog.addEventListener("click", ({ target }) => {
      if (target === this.dialog || target.closest(".close")) this.close();
    });
    parent.append(this.dialog);
  }

  open(hasTour) {
    this.tour.hidden = !hasTour;
    this.letters.checked = areLettersOn();
    this.dialog.showModal();
  }

  close() {
    this.dialog.close();
  }
}

function group({ title, rows }) {
  const list = element("dl", rows.flatMap(row));
  return element("section", [element("h3", [title]), list]);
}

function row({ keys, free = [], idle = [], says }) {
  const signs = [...keys, ...free, ...idle].map((key) => element("kbd", [SIGNS[key] ?? key]));
  return [element("dt", signs), element("dd", [says])];
}

function element(tag, children) {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}

const SKELETON = `
  <header><h2 id="key-sheet-title">Keys</h2><button type="button" class="close" aria-label="Close">×</button></header>
  <div class="groups"></div>
  <button type="button" class="again">Take the tour</button>
  <label class="tick"><input type="checkbox"> <span>Keys of one letter work: <kbd>p</kbd> <kbd>v</kbd> <kbd>?</kbd></span></label>`;

import { element } from "./dom.js";

/** Writes a sentence, with what stands between backticks as code. */
export function writeSentence(place, sentence) {
  place.replaceChildren(...sentence.split("`").map((text, i) => {
    return i % 2 ? element("code", { textContent: text, translate: false }) : text;
  }));
}

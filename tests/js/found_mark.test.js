// Where the title of what was found wrong stands: beside its card, and on no title of a frame.

import assert from "node:assert/strict";
import { test } from "node:test";
import { frameTitlesOf, placeOfTitle } from "../../components/browser/graph/found_mark.js";

const CARD = { x: 40, y: 30, width: 204, height: 84 };
const DRAWING = { x: -8, y: -8, width: 900, height: 600, isUpright: false, frameTitles: [] };
const TITLE = "The gradient vanishes";

function place(changes = {}, card = CARD) {
  const { x, y, "text-anchor": anchor } = placeOfTitle(TITLE, card, { ...DRAWING, ...changes });
  return [anchor, x, y];
}

function frame(transform, textContent) {
  return { getAttribute: () => transform, querySelector: () => ({ textContent }) };
}

test("a title stands above its card, or below it where there is no room, and ends with a card at the right", () => {
  assert.deepEqual(place(), ["start", 40, 17]);
  assert.deepEqual(place({ isUpright: true }), ["start", 40, 134]);
  assert.deepEqual(place({ width: 190 }), ["end", 244, 17]);
});

test("beside a frame’s title it goes to the card’s right side, and below the card where that is a long one", () => {
  const svg = { querySelectorAll: () => [frame("translate(18 4)", "model")] };
  const frameTitles = frameTitlesOf(svg);
  assert.deepEqual(frameTitles, [[18, -6, 76, 14]]);
  assert.deepEqual(place({ frameTitles }), ["end", 244, 17]);
  assert.deepEqual(place({ frameTitles: [[18, -6, 400, 14]] }), ["start", 40, 134]);
  assert.deepEqual(place({ frameTitles }, { ...CARD, y: 200 }), ["start", 40, 187]);
});

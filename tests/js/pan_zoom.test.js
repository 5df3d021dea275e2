// Where a projector begins, on which a drawing is too large to be read as a whole.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PanZoom } from "../../components/browser/graph/pan_zoom.js";

function cardAt(x, y) {
  const attributes = { x, y, height: 84 };
  return { getAttribute: (name) => String(attributes[name]) };
}

/** The y at which a part begins that is `seen` high, of a drawing 600 high with these cards. */
function top(seen, cards) {
  const panZoom = new PanZoom({ addEventListener: () => {} });
  const svg = { querySelectorAll: () => cards };
  Object.assign(panZoom, { svg, whole: { x: 0, y: -8, width: 3000, height: 600 } });
  return panZoom.top(seen);
}

test("a part begins at the upper end, or where the first card is in sight, and within the drawing", () => {
  assert.equal(top(300, [cardAt(900, 10), cardAt(0, 250), cardAt(0, 480)]), 142);
  assert.equal(top(400, [cardAt(900, 10), cardAt(0, 250), cardAt(0, 480)]), -8);
  assert.equal(top(300, [cardAt(0, 560)]), 292);
  assert.equal(top(300, []), -8);
});

test("a lower drawing stands in the middle", () => {
  assert.equal(top(800, [cardAt(0, 250)]), -108);
});

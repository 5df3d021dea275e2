// The size of type: what is kept, and how the limits of a layout follow it.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  SIZES, enlarged, followTypeSize, nextSize, setTypeSize, showTypeSize, typeScale, typeSize,
} from "../../components/browser/shell/type_size.js";

const KEY = "autograd-explorer-type";

/** The root element and the classes of a document, in a browser that keeps `kept`, or nothing at all. */
function open(kept) {
  const classes = new Set();
  const root = { style: {}, classList: { contains: (name) => classes.has(name) } };
  globalThis.document = { documentElement: root };
  globalThis.localStorage = kept && {
    getItem: (name) => kept[name] ?? null,
    setItem: (name, text) => (kept[name] = text),
  };
  return { root, classes };
}

/** A sheet with rules of a narrow, a wide and a low window, one inside another rule. */
function sheetOf(...queries) {
  const rules = queries.map((mediaText) => ({ media: { mediaText }, cssRules: [{}] }));
  return { rules, cssRules: [...rules.slice(1), { cssRules: rules.slice(0, 1) }, {}] };
}

test("sizes follow one another in a circle, and a browser that keeps nothing remembers while the page is open", () => {
  open(null);
  assert.equal(typeSize(), 100);
  const seen = SIZES.map(() => {
    setTypeSize(nextSize(typeSize()));
    return typeSize();
  });
  assert.deepEqual(seen, [115, 130, 100]);
});

test("what is chosen is kept, and shown by the root's type and the sheet's limits", () => {
  const kept = {};
  const { root } = open(kept);
  const { rules, ...sheet } = sheetOf("(max-width: 860px)", "(min-width: 861px) and (max-height: 599px)", "print");
  followTypeSize(sheet);
  setTypeSize(130);
  assert.equal(kept[KEY], "130");
  assert.equal(root.style.fontSize, "20.8px");
  const limits = ["(max-width: 1118px)", "(min-width: 1119px) and (max-height: 778px)", "print"];
  assert.deepEqual(rules.map(({ media }) => media.mediaText), limits);
  setTypeSize(115);
  assert.equal(rules[0].media.mediaText, "(max-width: 989px)");
  setTypeSize(100);
  assert.equal(root.style.fontSize, "");
  assert.equal(rules[0].media.mediaText, "(max-width: 860px)");
});

test("projector mode has a size of its own, and leaves the chosen one as it was", () => {
  const { root, classes } = open({});
  setTypeSize(130);
  classes.add("presenting");
  showTypeSize();
  assert.equal(root.style.fontSize, "");
  assert.equal(typeScale(), 1);
  classes.clear();
  showTypeSize();
  assert.equal(root.style.fontSize, "20.8px");
  setTypeSize(100);
});

test("no width lies between two limits that follow one another", () => {
  for (const size of SIZES) {
    for (let limit = 300; limit < 2000; limit += 1) {
      const [below] = enlarged(`(max-width: ${limit}px)`, size).match(/\d+/);
      const [above] = enlarged(`(min-width: ${limit + 1}px)`, size).match(/\d+/);
      assert.equal(Number(above), Number(below) + 1);
    }
  }
});

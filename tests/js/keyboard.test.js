// The table of keys, and what a key does where.

import assert from "node:assert/strict";
import { test } from "node:test";
import { actOf, areLettersOn, KEYS, switchLetters } from "../../components/browser/shell/keyboard.js";

let openDialog = null;
globalThis.document = { querySelector: () => openDialog };

/** What the selectors of keyboard.js say of a place: each word stands in one of them. */
const PLACES = { page: [], field: ["textarea", "[data-node]"], slider: ["[data-node]"], button: ["summary"] };

function press(key, group, place = "page", more = {}) {
  const target = { closest: (selector) => PLACES[place].some((word) => selector.includes(word)) };
  return actOf({ key, target, ...more }, group);
}

test("keys act where nobody types", () => {
  assert.equal(press("p", "page"), "present");
  assert.equal(press("PageDown", "walk"), "next");
  assert.equal(press("PageDown", "walk", "slider"), "next");
  assert.equal(press("x", "page"), null);
  for (const key of ["p", "?", "Escape"]) assert.equal(press(key, "page", "field"), null);
});

test("arrows walk, but not from a slider or the graph; space plays, but not from a button either", () => {
  assert.deepEqual([press("ArrowRight", "walk"), press("ArrowRight", "walk", "slider")], ["next", null]);
  assert.deepEqual([press("ArrowRight", "walk", "button"), press(" ", "walk", "button")], ["next", null]);
  assert.deepEqual([press(" ", "walk"), press(" ", "walk", "slider")], ["play", null]);
});

test("keys with Ctrl and the like, keys that were taken, and keys under an open dialog are not ours", () => {
  for (const name of ["ctrlKey", "metaKey", "altKey", "defaultPrevented"]) {
    assert.equal(press("p", "page", "page", { [name]: true }), null);
  }
  assert.equal(press("?", "page", "page", { shiftKey: true }), "keys");
  openDialog = {};
  assert.equal(press("p", "page"), null);
  openDialog = null;
  assert.equal(press("p", "page"), "present");
});

test("a target that is no element (the document itself) is the page", () => {
  assert.equal(actOf({ key: "p", target: {} }, "page"), "present");
});

test("letters can be switched off, other keys cannot, though nothing can be stored", () => {
  switchLetters(false);
  assert.deepEqual([areLettersOn(), press("p", "page"), press("Escape", "page")], [false, null, "leave"]);
  switchLetters(true);
  assert.deepEqual([areLettersOn(), press("p", "page")], [true, "present"]);
});

test("no key of the table acts twice in a group, and every row says what it does", () => {
  for (const { title, rows } of Object.values(KEYS)) {
    const acting = rows.filter(({ act }) => act);
    const keys = acting.flatMap(({ keys: always, free = [], idle = [] }) => [...always, ...free, ...idle]);
    assert.deepEqual(keys, [...new Set(keys)]);
    assert.ok(title && rows.every(({ says }) => says));
  }
});

// The walk's bar: what is asked for while a hand goes on faster than answers come.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeElement, standInForDocument } from "./elements.js";
import { WalkBar } from "../../components/browser/graph/walk_bar.js";

const WALK = { of: 25, words: "Forward.", math: [] };

beforeEach((context) => {
  standInForDocument();
  globalThis.document.addEventListener = () => {};
  globalThis.Node = { TEXT_NODE: 3 };
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
});

/** A bar at step 1 of a walk, and all that it asks for. */
function walking() {
  const root = new FakeElement("div");
  const words = new FakeElement("p");
  words.append(new FakeElement("span"), new FakeElement("span"));
  root.querySelector = (selector) => (selector === ".words" ? words : new FakeElement("input"));
  const asked = [];
  const bar = new WalkBar(root, (step, released) => asked.push([step, released]), () => false);
  bar.say(1, WALK);
  return { bar, asked };
}

test("a step is said to the address once the hand rests", ({ mock }) => {
  const { bar, asked } = walking();
  bar.act("next");
  bar.act("last");
  mock.timers.runAll();
  assert.deepEqual(asked, [[2, false], [25, false], [25, true]]);
});

test("a walk that is left right after a step stays left, however late the answer comes", ({ mock }) => {
  const { bar, asked } = walking();
  bar.act("last");
  bar.act("leave");
  mock.timers.runAll();
  assert.deepEqual(asked, [[25, false], [null, true]]);
});

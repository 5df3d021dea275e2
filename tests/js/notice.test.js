// Which notices stand after a message.

import assert from "node:assert/strict";
import { test } from "node:test";
import { standInForDocument } from "./elements.js";
import { Notice, noticesAfter } from "../../components/browser/shell/notice.js";

const NOT_A_NUMBER = "w = “abc” is not a number; w stays 1.";
const NO_NODE = "node = “q” is not in this graph; nothing is selected.";

/** The texts that stand after each of these messages. */
function standing(...messages) {
  let notices = [];
  return messages.map((message) => {
    notices = noticesAfter(notices, message);
    return notices.map(({ text }) => text);
  });
}

test("a notice stands while what it is about is as it was, whatever else is changed", () => {
  const said = standing(
    { values: { w: 1, x: 2 }, notices: [NOT_A_NUMBER] },
    { values: { w: 1, x: 3 }, notices: [] },
    { values: { w: 1.05, x: 3 } },
    { values: { w: 1, x: 3 } },
  );
  assert.deepEqual(said, [[NOT_A_NUMBER], [NOT_A_NUMBER], [], []]);
});

test("each notice goes by itself, and gives way to a newer one about the same", () => {
  const again = "w = “c” is not a number; w stays 1.";
  const said = standing(
    { values: { w: 1 }, graph: { view: { node: "" } }, notices: [NOT_A_NUMBER, NO_NODE] },
    { values: { w: 1 }, graph: { view: { node: "" } }, notices: [again] },
    { values: { w: 1 }, graph: { view: { node: "mul" } } },
  );
  assert.deepEqual(said, [[NOT_A_NUMBER, NO_NODE], [NO_NODE, again], [again]]);
});

test("an entry of a list, a class’s parameter, and a walk are things that change", () => {
  const cases = [
    ["values[1] = 99 is out of range; values[1] is 10, the largest value.", (values) => ({ values: { values } })],
    ["hide = “walls” is no part of a page; it is left out.", (named) => ({ classroom: { named } })],
    ["step = 99 is beyond the last.", ([step]) => ({ graph: { view: { step } } })],
  ];
  for (const [text, message] of cases) {
    const said = standing({ ...message([1, 10]), notices: [text] }, message([1, 10]), message([2, 10]));
    assert.deepEqual(said, [[text], [text], []]);
  }
});

test("news look like news unless something that could not be taken stands beside them", () => {
  standInForDocument();
  globalThis.Node = { TEXT_NODE: 3 };
  const notice = new Notice();
  notice.say("“mnist.ipynb” is open.", true);
  assert.equal(notice.root.classList.contains("news"), true);
  notice.say(NOT_A_NUMBER);
  assert.equal(notice.root.classList.contains("news"), false);
});

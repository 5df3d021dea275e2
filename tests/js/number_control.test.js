// A slider's number field while answers come.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeElement, standInForDocument } from "./elements.js";
import { NumberControl } from "../../components/browser/controls/number_control.js";

const W = { name: "w", meaning: "weight", min: -5, max: 5, step: 0.5, decimals: 2 };

beforeEach(standInForDocument);

/** A control that stands on 1, and all that it has sent. */
function control() {
  const sent = [];
  const made = new NumberControl(W, { onChange: (...change) => sent.push(change) });
  made.show(1);
  return { made, field: made.field, sent };
}

/** Leaves a field as a browser does: what was changed in it is entered. */
function leave(field) {
  field.dispatchEvent(new Event("change"));
  new FakeElement("button").focus();
}

test("what is being typed stays when an answer comes", () => {
  const { made, field, sent } = control();
  field.typeIn("-0.");
  made.show(1);
  made.show(2);
  assert.equal(field.value, "-0.");
  field.typeIn("-0.5");
  field.press("Enter");
  assert.deepEqual(sent, [["-0.5", true]]);
  made.show(-0.5);
  assert.equal(field.value, "-0.50");
  leave(field);
  assert.equal(sent.length, 1);
});

test("what was entered is corrected by its answer, and typing may go on before that", () => {
  const { made, field, sent } = control();
  field.typeIn("99");
  field.press("Enter");
  made.show(5);
  assert.equal(field.value, "5.00");
  field.typeIn("3");
  field.press("Enter");
  field.typeIn("3.5");
  made.show(3);
  assert.equal(field.value, "3.5");
  leave(field);
  assert.deepEqual(sent.map(([text]) => text), ["99", "3", "3.5"]);
});

test("a number that takes back one that is not answered yet is sent", () => {
  const { field, sent } = control();
  field.typeIn("3");
  field.press("Enter");
  field.typeIn("1.00");
  field.press("Enter");
  assert.deepEqual(sent.map(([text]) => text), ["3", "1.00"]);
});

test("Escape, and leaving a field as it was, show the newest value", () => {
  const { made, field, sent } = control();
  field.typeIn("4");
  made.show(2);
  field.press("Escape");
  assert.equal(field.value, "2.00");
  field.typeIn("4");
  field.typeIn("2.0");
  made.show(3);
  new FakeElement("button").focus();
  assert.equal(field.value, "3.00");
  assert.deepEqual(sent, []);
});

test("another window in front enters and gives up nothing", () => {
  const { made, field } = control();
  field.typeIn("4");
  field.dispatchEvent(new Event("blur"));
  made.show(2);
  assert.equal(field.value, "4");
});

test("an arrow key goes on from what is typed", () => {
  const { field, sent } = control();
  field.typeIn("2,5");
  field.press("ArrowUp");
  assert.equal(field.value, "3.00");
  assert.deepEqual(sent, [[3, true]]);
});

test("a starting point takes the place of what is typed", () => {
  const { made, field } = control();
  field.typeIn("4");
  made.entry.discard();
  made.show(-2);
  assert.equal(field.value, "-2.00");
});

test("a field that is selected as a whole still is when its number changes", () => {
  const { made, field } = control();
  field.focus();
  made.show(-2.5);
  assert.deepEqual([field.value, field.selectionStart, field.selectionEnd], ["-2.50", 0, 5]);
});

// The editor: what is typed, what is said of lines, and numbers that are dragged.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { FakeElement, nextFrame, standInForDocument } from "./elements.js";
import { Editor } from "../../components/browser/editor/editor.js";
import { changedLines, moved, placeAt, startsOf } from "../../components/browser/editor/places.js";

const CODE = "x = 1.0\nif x:\n    y = x * 2\nz = 3";
const X = { line: 1, column: 4, length: 3, value: 1, step: 0.1, min: -10, max: 10, decimals: 1 };
const Z = { line: 4, column: 4, length: 1, value: 3, step: 1, min: 0, max: 9, decimals: 0 };
const NOTES = [{ line: 1, text: "1.0" }, { line: 3, text: "2.0…", title: "2.0 twice" }, { line: 4, text: "3" }];

let opened = [];

beforeEach(() => {
  standInForDocument();
  opened = [];
});

afterEach(() => opened.forEach((editor) => editor.close()));

/** An editor with a program, and all that it tells, by name. */
function open(code = CODE) {
  const told = [];
  const tell = (name) => (...values) => told.push([name, ...values]);
  const [onChange, onRun, onDrag, onLine, onPick] = ["change", "run", "drag", "line", "pick"].map(tell);
  const editor = new Editor(new FakeElement("div"), { code, onChange, onRun, onDrag, onLine, onPick });
  opened.push(editor);
  const caret = (line, column) => {
    const place = startsOf(editor.field.value)[line - 1] + column;
    editor.field.focus();
    editor.field.setSelectionRange(place, place);
  };
  const events = (name) => told.filter(([own]) => own === name).map(([, ...values]) => values);
  return { editor, field: editor.field, told, caret, events };
}

const shown = ({ lines }) => lines.rows.map(({ code }) => code.textContent).join("\n");
const notesOf = ({ lines }) => lines.rows.map(({ note }) => note.textContent);

test("what is typed is told and shown behind the text", () => {
  const { editor, field, events } = open();
  assert.equal(shown(editor), CODE);
  field.typeIn(`${CODE}\n`);
  assert.equal(shown(editor), `${CODE}\n`);
  assert.deepEqual(events("change"), [[`${CODE}\n`]]);
  assert.equal(editor.gutter.root.children.length, 5);
});

test("Enter keeps the indentation, Backspace removes it, and neither touches what is selected", () => {
  const { field, caret, events } = open();
  caret(2, 5);
  field.press("Enter");
  assert.equal(field.value, "x = 1.0\nif x:\n    \n    y = x * 2\nz = 3");
  field.press("Backspace");
  assert.equal(field.value, "x = 1.0\nif x:\n\n    y = x * 2\nz = 3");
  assert.equal(field.press("Backspace"), true);
  field.setSelectionRange(14, 18);
  assert.equal(field.press("Backspace"), true);
  assert.equal(events("change").length, 2);
});

test("Tab is the browser's; Ctrl and Cmd with Enter run", () => {
  const { field, caret, events } = open();
  caret(2, 5);
  assert.equal(field.press("Tab"), true);
  field.press("Enter", { ctrlKey: true });
  field.press("Enter", { metaKey: true });
  field.press("Enter", { isComposing: true });
  assert.equal(events("run").length, 2);
  assert.equal(field.value, CODE);
});

test("notes and marks stand at their lines, and go with them while the program is typed", () => {
  const { editor, field } = open();
  editor.show({ notes: NOTES, marks: [{ line: 3, kind: "error", text: "ValueError: no" }], literals: [X, Z] });
  assert.deepEqual(notesOf(editor), ["1.0", "", "2.0…", "3"]);
  assert.equal(editor.lines.rows[2].mark.textContent, "✗ ValueError: no");
  assert.equal(editor.gutter.root.children[2].ariaLabel, "line 3, error: ValueError: no");
  assert.equal(field.attributes["aria-invalid"], "true");
  field.typeIn(CODE.replace("if x:", "\nif x > 0:"));
  assert.deepEqual(notesOf(editor), ["1.0", "", "", "2.0…", "3"]);
  assert.deepEqual(editor.literals, [X, { ...Z, line: 5 }]);
  editor.show({});
  assert.equal(field.attributes["aria-invalid"], "false");
});

test("the gravest mark of a line is the one that is shown", () => {
  const { editor } = open();
  const marks = [{ line: 1, kind: "warning", text: "w" }, { line: 1, kind: "error", text: "e" }];
  for (const list of [marks, [...marks].reverse()]) {
    editor.show({ marks: list });
    assert.equal(editor.lines.rows[0].mark.textContent, "✗ e");
  }
});

test("a line is told where the pointer or the caret is, once", () => {
  const { editor, field, caret, events } = open();
  caret(2, 0);
  caret(2, 3);
  editor.sheet.send("pointermove", { clientY: 30, clientX: 0 });
  editor.sheet.send("pointermove", { clientY: 70, clientX: 0 });
  editor.sheet.send("pointerleave");
  field.blur();
  assert.deepEqual(events("line"), [[1], [2], [4], [2], [null]]);
});

test("all of a note is shown where the pointer is over it", () => {
  const { editor, field } = open();
  editor.show({ notes: NOTES });
  editor.sheet.send("pointermove", { clientY: 50, clientX: 300 });
  assert.equal(field.title, "2.0 twice");
  editor.sheet.send("pointermove", { clientY: 50, clientX: 10 });
  assert.equal(field.title, "");
});

test("the caret's line is read out once the caret rests", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { editor, caret } = open();
  editor.show({ notes: NOTES, marks: [{ line: 3, kind: "warning", text: "careful" }] });
  caret(1, 0);
  caret(3, 0);
  context.mock.timers.tick(599);
  assert.equal(editor.spoken.textContent, "");
  context.mock.timers.tick(1);
  assert.equal(editor.spoken.textContent, "Line 3: warning: careful. 2.0 twice");
  caret(2, 0);
  context.mock.timers.tick(600);
  assert.equal(editor.spoken.textContent, "");
});

test("lines are lit from outside, and the caret goes where it is sent", () => {
  const { editor, events } = open();
  editor.light([1, 4]);
  assert.deepEqual(editor.lines.rows.map(({ root }) => root.classList.contains("lit")), [true, false, false, true]);
  editor.goTo(3);
  assert.deepEqual(editor.place, { line: 3, column: 4 });
  editor.goTo(99);
  assert.equal(editor.place.line, 4);
  editor.gutter.root.send("click", { target: editor.gutter.root.children[1] });
  assert.deepEqual(events("pick"), [[2]]);
});

test("a literal that is dragged is shown once in a frame, and written as one change when it is let go", () => {
  const { editor, field, events } = open();
  editor.show({ literals: [X, Z] });
  const other = new FakeElement("button");
  other.focus();
  editor.drag(X, 1.5, false);
  editor.drag(X, -1.5, false);
  editor.show({ code: CODE, notes: [{ line: 1, text: "-1.5" }] });
  const said = () => [editor.code.split("\n")[0], shown(editor).split("\n")[0], notesOf(editor)[0]];
  assert.deepEqual(said(), ["x = -1.5", "x = 1.0", ""]);
  assert.deepEqual([nextFrame(), nextFrame()], [1, 0]);
  assert.deepEqual(said(), ["x = -1.5", "x = -1.5", "-1.5"]);
  assert.equal(field.value, CODE);
  editor.show({ code: CODE, literals: [] });
  editor.drag(X, -1.5, true);
  assert.equal(field.value, CODE.replace("1.0", "-1.5"));
  assert.deepEqual(editor.literals, [{ ...X, value: -1.5, length: 4 }, Z]);
  assert.deepEqual(events("drag"), [[X, 1.5, false], [X, -1.5, false], [X, -1.5, true]]);
  assert.equal(nextFrame(), 0);
  assert.deepEqual(events("change"), []);
  assert.equal(globalThis.document.activeElement, other);
});

test("Alt and an arrow key step the literal at the caret; letting go ends it", () => {
  const { editor, field, caret, events } = open();
  editor.show({ literals: [X, Z] });
  caret(1, 5);
  field.press("ArrowUp", { altKey: true });
  field.press("ArrowUp", { altKey: true });
  field.send("keyup", { key: "ArrowUp" });
  assert.equal(field.value.split("\n")[0], "x = 1.2");
  assert.deepEqual(events("drag").map(([, ...rest]) => rest), [[1.1, false], [1.2, false], [1.2, true]]);
  caret(2, 0);
  assert.equal(field.press("ArrowUp", { altKey: true }), true);
});

test("a press on a literal sets the caret; pressed twice it is selected", () => {
  const { editor, field } = open();
  editor.press(Z, 1);
  assert.deepEqual(editor.place, { line: 4, column: 5 });
  editor.press(X, null);
  assert.deepEqual([field.selectionStart, field.selectionEnd], [4, 7]);
});

test("another program is shown, or takes this one's place", () => {
  const { editor, field, events } = open();
  editor.show({ code: "a = 1", notes: [{ line: 1, text: "1" }] });
  assert.deepEqual([editor.code, shown(editor), notesOf(editor)], ["a = 1", "a = 1", ["1"]]);
  editor.replace("b = 2\nc = 3");
  assert.deepEqual([field.value, shown(editor), notesOf(editor)], ["b = 2\nc = 3", "b = 2\nc = 3", ["", ""]]);
  assert.deepEqual(events("change"), []);
});

test("a closed editor hears nothing more", () => {
  const { editor, field, told } = open();
  editor.close();
  field.typeIn("a");
  assert.deepEqual(told, []);
});

test("lines that a change has kept are found, and what belongs to them moves", () => {
  assert.deepEqual(changedLines("a\nb\nc", "a\nx\ny\nc"), { head: 1, tail: 2, by: 1 });
  assert.deepEqual(changedLines("a\na", "a\na\na"), { head: 2, tail: 2, by: 1 });
  const entries = [{ line: 1 }, { line: 2 }, { line: 3 }];
  assert.deepEqual(moved(entries, { head: 1, tail: 2, by: -1 }), [{ line: 1 }, { line: 2 }]);
  assert.deepEqual(placeAt("ab\ncd", 4), { line: 2, column: 1 });
  assert.deepEqual(startsOf("ab\n\nc"), [0, 3, 4]);
});

// Files that are dropped: one is taken, everything else is one sentence, and fields keep what is theirs.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeElement, standInForDocument } from "./elements.js";
import { FileDrop } from "../../components/browser/shell/file_drop.js";
import { handOver, pageFor, takeOver } from "../../components/browser/shell/handed_over.js";

let listeners;

beforeEach(() => {
  standInForDocument();
  listeners = {};
  const app = new FakeElement("div");
  Object.assign(globalThis.document, {
    querySelector: () => app,
    addEventListener: (name, listener) => (listeners[name] = listener),
    removeEventListener: (name) => delete listeners[name],
  });
});

function open() {
  const told = [];
  const drop = new FileDrop({ take: (file) => told.push(file), say: (text) => told.push(text) });
  drop.root.remove = () => {};
  return { drop, told };
}

/** An event of a drag over an element that is a field, or none. */
function event(types, { files = [], isFolder = false, isField = false } = {}) {
  const items = files.map(() => ({ webkitGetAsEntry: () => ({ isDirectory: isFolder }) }));
  const made = { dataTransfer: { types, files, items }, target: { closest: () => isField }, isTaken: false };
  return Object.assign(made, { relatedTarget: null, preventDefault: () => (made.isTaken = true) });
}

test("while a file is held over the page it says so, and the file that is dropped is taken", () => {
  const { drop, told } = open();
  assert.equal(drop.root.hidden, true);
  const held = event(["Files"]);
  listeners.dragover(held);
  assert.deepEqual([drop.root.hidden, held.isTaken], [false, true]);
  listeners.dragleave(event(["Files"]));
  assert.equal(drop.root.hidden, true);
  listeners.dragover(held);
  listeners.drop(event(["Files"], { files: ["a.py"], isField: true }));
  assert.deepEqual([told, drop.root.hidden], [["a.py"], true]);
  drop.close();
  assert.deepEqual(listeners, {});
});

test("several files, a folder and a text are one sentence each", () => {
  const { told } = open();
  listeners.drop(event(["Files"], { files: ["a", "b"] }));
  listeners.drop(event(["Files"], { files: ["a"], isFolder: true }));
  listeners.drop(event(["text/plain", "text/html"]));
  listeners.drop(event(["Files"]));
  assert.equal(told.length, 3);
  assert.match(told.join("|"), /one file at a time.*folder cannot.*Only a file/);
  assert.ok(told.every((text) => text.endsWith(".")));
});

test("a text in a field and a link of the page are left to the browser", () => {
  const { drop, told } = open();
  for (const left of [event(["text/plain"], { isField: true }), event(["text/uri-list", "text/plain"]), event([])]) {
    listeners.dragover(left);
    listeners.drop(left);
    assert.equal(left.isTaken, false);
  }
  listeners.dragover(event(["text/plain"]));
  assert.deepEqual([told, drop.root.hidden], [[], true]);
});

test("a file's name tells which page opens it, and what is handed over is taken once, by that page", () => {
  for (const name of ["a.py", "A.IPYNB", "notes.txt"]) assert.equal(pageFor(name), "playground", name);
  assert.deepEqual([pageFor("g.json"), pageFor("a.pt"), pageFor("json")], ["open", null, null]);
  const gone = [];
  handOver({ go: (path) => gone.push(path) }, "playground", "program");
  assert.deepEqual([gone, takeOver("playground"), takeOver("playground")], [["playground"], "program", null]);
  handOver({ go: () => {} }, "playground", "program");
  assert.deepEqual([takeOver("open"), takeOver("playground")], [null, null]);
});

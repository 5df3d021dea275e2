// Numbers as they are typed and pasted: the same cases as the server's own parser has.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readNumber } from "../../components/browser/controls/typed_number.js";

const { readable, unreadable } = JSON.parse(readFileSync(new URL("../typed_numbers.json", import.meta.url), "utf8"));

test("what can be read", () => {
  for (const [text, number] of readable) assert.equal(readNumber(text) + 0, number, JSON.stringify(text));
});

test("what is no number, or more than one", () => {
  for (const text of [...unreadable, "0".repeat(65)]) assert.equal(readNumber(text), null, JSON.stringify(text));
});

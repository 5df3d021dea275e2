// What a class is shown: links, and the state that the head's buttons change.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ClassroomState } from "../../components/browser/classroom/classroom_state.js";
import { codeOf, linkTo, snippetOf } from "../../components/browser/classroom/link.js";
import { visit } from "./fakes.js";

const NOTHING = { hidden: [], predicted: [], isProjected: false, isEmbedded: false };

function at(href) {
  globalThis.location = new URL(href);
  globalThis.document = { baseURI: href };
}

test("a link says what is chosen, and keeps the state", () => {
  at("https://host/app/chain-rule?x=2&present=1&hide=lesson&colour=green#lesson");
  assert.equal(linkTo(NOTHING), "https://host/app/chain-rule?x=2&colour=green");
  const chosen = { hidden: ["lesson", "graph"], predicted: ["dw", "db"], isProjected: true, isEmbedded: true };
  const classroom = "present=1&hide=lesson,graph&predict=dw,db&embed=true";
  assert.equal(linkTo(chosen), `https://host/app/chain-rule?x=2&colour=green&${classroom}`);
});

test("a link's code is drawn below the app's own path", () => {
  at("https://host/app/chain-rule?x=2");
  const link = linkTo({ ...NOTHING, isProjected: true });
  const code = new URL(codeOf(link, "png"));
  assert.equal(code.pathname, "/app/qr.png");
  assert.equal(code.searchParams.get("link"), link);
  assert.equal(new URL(codeOf(link)).pathname, "/app/qr.svg");
});

test("HTML for another page is one frame, its address escaped", () => {
  at("https://host/?x=2&y=1");
  const html = snippetOf(linkTo({ ...NOTHING, isEmbedded: true }));
  assert.match(html, /^<iframe src="https:\/\/host\/\?x=2&amp;y=1&amp;embed=true" [^<>]*><\/iframe>$/);
});

test("a button shows its effect at once, and the address follows what was set before", async () => {
  const page = visit({ delay: 40, say: () => ({ classroom: { present: false } }) });
  const written = [];
  const address = { set: (name, text) => written.push([name, text, page.line.latest.values.w]) };
  const state = new ClassroomState(page.line, address, { walked: null });
  page.line.subscribe((message) => state.update(message));
  page.clock.pass(500);
  page.line.change({ w: 2 }, false);
  const done = state.set("present", "1");
  assert.equal(state.current.present, true);
  assert.deepEqual(written, []);
  page.clock.pass(500);
  assert.equal(state.current.present, true);
  await done;
  assert.deepEqual(written, [["present", "1", 2]]);
  page.clock.pass(500);
  assert.equal(state.current.present, false); // what the server says is what counts in the end
});

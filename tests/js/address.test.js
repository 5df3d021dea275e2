// The address over a history that is not a browser's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Address } from "../../components/browser/shell/address.js";

/** A window with a history, and a host that listens to `popstate` as Streamlit does: on the window, without capture. */
class FakeWindow {
  constructor(href) {
    Object.assign(this, { entries: [new URL(href, "https://host")], at: 0, listeners: [], hosted: [], time: 0 });
    this.parent = this;
    this.history = {
      pushState: (state, title, to) => this.push(to),
      replaceState: (state, title, to) => (this.entries[this.at] = new URL(to, this.location)),
    };
    this.PopStateEvent = class {
      type = "popstate";

      stopImmediatePropagation() {
        this.isStopped = true;
      }
    };
    this.addEventListener("popstate", () => this.hosted.push(this.href));
  }

  get location() {
    return this.entries[this.at];
  }

  get href() {
    const { pathname, search, hash } = this.location;
    return pathname + search + hash;
  }

  push(to) {
    this.entries = [...this.entries.slice(0, this.at + 1), new URL(to, this.location)];
    this.at += 1;
  }

  addEventListener(name, listener, { capture = false } = {}) {
    this.listeners.push({ name, listener, capture });
  }

  removeEventListener(name, listener, { capture = false } = {}) {
    const isOther = (one) => one.name !== name || one.listener !== listener || one.capture !== capture;
    this.listeners = this.listeners.filter(isOther);
  }

  dispatchEvent(event) {
    const inOrder = [...this.listeners].sort((a, b) => b.capture - a.capture);
    for (const { name, listener } of inOrder) if (name === event.type && !event.isStopped) listener(event);
  }

  press(key) {
    this.dispatchEvent({ type: "keyup", key });
  }

  get queries() {
    return this.entries.map(({ search }) => search);
  }

  move(by) {
    this.at += by;
    this.dispatchEvent(new this.PopStateEvent());
  }
}

function open(href) {
  const window = new FakeWindow(href);
  const address = new Address(window, () => window.time);
  const [moves, leaves] = [[], []];
  address.onMove(() => moves.push(window.href));
  address.onLeave(() => leaves.push(window.href));
  return { window, address, moves, leaves };
}

const CASES = [
  ["/", { w: "2", x: null }, "/?w=2"],
  ["/?x=1&w=2", { x: "3", w: null }, "/?x=3"],
  ["/?x=1", { x: null, w: null }, "/"],
  ["/?w=2&present=1", { x: "3", w: "2", b: null }, "/?x=3&w=2&present=1"],
  ["/?colour=green&w=2&b=1", { w: "3" }, "/?colour=green&w=3&b=1"],
  ["/?w=1&colour=green&w=2", { w: "3" }, "/?w=3&colour=green"],
  ["/?embed=true&embed_options=dark_theme&w=1", { w: "2" }, "/?embed=true&embed_options=dark_theme&w=2"],
  ["/vectors?name=%C3%A9+a%20b&values=1", { values: "1,2,3" }, "/vectors?name=%C3%A9+a%20b&values=1,2,3"],
  ["/?bad=%E0%A4%A&&=x&w=1", { w: "2" }, "/?bad=%E0%A4%A&=x&w=2"],
  ["/?w=1#lesson", { w: "2" }, "/?w=2#lesson"],
  ["/", { points: "-2,0;-1,1", compare: "adam:each" }, "/?points=-2,0;-1,1&compare=adam:each"],
  ["/", { code: "a&b=c#d e+%" }, "/?code=a%26b%3Dc%23d%20e%2B%25"],
];
for (const [before, parameters, after] of CASES) {
  test(`${JSON.stringify(parameters)} at ${before} is ${after}`, () => {
    const { window, address } = open(before);
    address.write(parameters);
    assert.equal(window.href, after);
    assert.equal(window.entries.length, 2);
    for (const [name, text] of Object.entries(parameters)) assert.equal(address.get(name), text);
  });
}

const UNCHANGED = [
  ["/?w=2&x=1", { x: "1", w: "2", b: null }],
  ["/?values=1%2C2", { values: "1,2" }],
  ["/?a=b+c", { a: "b c" }],
  ["/", { w: null }],
];
for (const [href, parameters] of UNCHANGED) {
  test(`${JSON.stringify(parameters)} at ${href} changes nothing and is no entry`, () => {
    const { window, address } = open(href);
    address.write(parameters);
    assert.deepEqual([window.href, window.entries.length], [href, 1]);
  });
}

test("one parameter is set and taken away, the others stay", () => {
  const { window, address } = open("/?w=2");
  address.set("present", "1");
  assert.equal(window.href, "/?w=2&present=1");
  address.set("present", null);
  assert.equal(window.href, "/?w=2");
  assert.equal(window.entries.length, 3);
});

test("what the server says of a parameter that was set goes into its entry, what is written later does not", () => {
  const { window, address } = open("/?step=24");
  address.set("present", "1");
  address.write({ step: "8" });
  assert.deepEqual(window.entries.map(({ search }) => search), ["?step=24", "?step=8&present=1"]);
  address.write({ step: "7" });
  address.set("present", null);
  address.go("vectors");
  assert.equal(window.entries.length, 5);
});

test("Back and Forward within a page are ours: the host hears of none", () => {
  const { window, address, moves, leaves } = open("/?w=1");
  address.write({ w: "2" });
  address.write({ w: "3" });
  window.move(-1);
  window.move(-1);
  window.move(2);
  assert.deepEqual(moves, ["/?w=2", "/?w=1", "/?w=3"]);
  assert.deepEqual([leaves, window.hosted], [[], []]);
});

test("what is written after Back takes the place of what was ahead", () => {
  const { window, address } = open("/?w=1");
  address.write({ w: "2" });
  window.move(-1);
  address.write({ w: "5" });
  assert.deepEqual(window.entries.map(({ search }) => search), ["?w=1", "?w=5"]);
});

test("a link to a heading moves nothing, and Back from it neither", () => {
  const { window, moves } = open("/?w=1");
  window.push("#lesson");
  window.dispatchEvent(new window.PopStateEvent());
  window.move(-1);
  assert.deepEqual([moves, window.hosted], [[], []]);
});

test("another page: one entry, the host opens it, the old page's writes are ignored", () => {
  const { window, address, moves, leaves } = open("/?w=2");
  address.go("chain-rule");
  assert.deepEqual([window.href, window.hosted, leaves, moves], ["/chain-rule", ["/chain-rule"], ["/chain-rule"], []]);
  address.write({ w: "3" });
  assert.equal(window.href, "/chain-rule");
  address.enter();
  address.write({ x: "3" });
  assert.equal(window.href, "/chain-rule?x=3");
});

test("Back to another page is the host's", () => {
  const { window, address, moves, leaves } = open("/?w=2");
  address.go("/chain-rule");
  address.enter();
  window.move(-1);
  assert.deepEqual([window.hosted, leaves.length, moves], [["/chain-rule", "/?w=2"], 2, []]);
  address.write({ x: "3" });
  assert.equal(window.href, "/?w=2");
});

test("Back and Forward faster than the host opens pages are all the host's", () => {
  const { window, address, moves } = open("/?w=2");
  address.go("chain-rule");
  window.move(-1);
  window.move(1);
  window.move(-1);
  assert.deepEqual([window.hosted.length, moves], [4, []]);
});

test("a page opens as it was left, shown to the class as this one is", () => {
  const { window, address } = open("/app/?w=2&present=1");
  address.go("chain-rule");
  address.enter();
  assert.equal(window.href, "/app/chain-rule?present=1");
  address.write({ x: "3" });
  address.set("present", null);
  address.set("hide", "lesson");
  assert.equal(address.queryOf(""), "?w=2&hide=lesson");
  address.go("");
  assert.equal(window.href, "/app/?w=2&hide=lesson");
  address.enter();
  assert.equal(address.queryOf("/chain-rule"), "?x=3&hide=lesson");
});

test("another state of the same page by a link is a move", () => {
  const { window, address, moves } = open("/?w=2");
  address.go("", "?w=4");
  assert.deepEqual([moves, window.hosted], [["/?w=4"], []]);
  address.go("");
  assert.equal(window.entries.length, 2);
});

const PATHS = ["", "chain-rule"];

for (const [from, link, to] of [
  ["/app/?w=2&present=1", "./?w=4&y=1", "/app/?w=4&y=1"],
  ["/app/chain-rule?x=2", "?x=3", "/app/chain-rule?x=3"],
  ["/app/?w=2&hide=lesson", "./chain-rule?x=2", "/app/chain-rule?x=2"],
  ["/app/?w=2&embed=true&embed_options=dark_theme", "./?w=4", "/app/?w=4&embed=true&embed_options=dark_theme"],
]) {
  test(`a link to ${link} leads from ${from} to ${to}`, () => {
    const { window, address } = open(from);
    assert.equal(address.follow(link, PATHS), true);
    assert.deepEqual([window.href, window.entries.length], [to, 2]);
  });
}

test("other links are the browser's", () => {
  const { window, address } = open("/app/?w=2");
  const links = ["https://other.example/app/", "./qr.png?link=1", "/", "./?w=3#lesson", "blob:https://host/1", "mailto:a@b"];
  for (const link of links) assert.equal(address.follow(link, PATHS), false, link);
  assert.deepEqual(window.entries.length, 1);
});

test("a host that frames the app is told every query, as Streamlit would tell it", () => {
  const window = new FakeWindow("/?w=1");
  const told = [];
  const { location } = new FakeWindow("/");
  window.parent = { location, postMessage: (message, target) => told.push([message, target]) };
  const address = new Address(window);
  told.length = 0;
  address.write({ w: "2" });
  address.write({ w: null });
  window.move(-1);
  const message = (queryParams) => [{ stCommVersion: 1, type: "SET_QUERY_PARAM", queryParams }, "*"];
  assert.deepEqual(told, ["?w=2", "", "?w=2"].map(message));
});

const FOREIGN = new FakeWindow("/");
FOREIGN.entries = [new URL("https://course.example/lesson")];

for (const [where, href, parent] of [
  ["another origin", "/?w=1", FOREIGN],
  ["an origin that keeps its address to itself", "/?w=1", { get location() { throw new Error("not yours"); } }],
  ["a page of its own origin, embedded", "/?w=1&embed=True", new FakeWindow("/course")],
]) {
  test(`in a frame of ${where} there are no entries: Back is the course's`, () => {
    const window = new FakeWindow(href);
    window.parent = Object.assign(parent, { postMessage() {} });
    const address = new Address(window);
    for (const w of ["2", "3"]) address.write({ w });
    address.set("tour", "1");
    assert.deepEqual([window.entries.length, address.get("w"), address.get("tour")], [1, "3", "1"]);
    address.go("chain-rule");
    assert.deepEqual([window.entries.length, window.location.pathname], [1, "/chain-rule"]);
  });
}

test("an embedded page in a window of its own has entries", () => {
  const { window, address } = open("/?embed=true");
  address.write({ w: "2" });
  assert.equal(window.entries.length, 2);
});

/** Steps by a key: the time before each, and what it changes. */
function step({ window, address }, pause, parameters, key = "ArrowRight") {
  window.time += pause;
  window.press(key);
  address.write(parameters);
}

test("a burst of steps is one entry", () => {
  const page = open("/?w=1");
  for (const w of ["1.01", "1.02", "1.03"]) step(page, 900, { w });
  assert.deepEqual(page.window.queries, ["?w=1", "?w=1.03"]);
  step(page, 1100, { w: "1.04" });
  step(page, 300, { w: "1.05" }, "PageUp");
  assert.deepEqual(page.window.queries, ["?w=1", "?w=1.03", "?w=1.05"]);
});

test("a burst ends where something else is changed, by something else than a key, or after Back", () => {
  const page = open("/");
  step(page, 100, { w: "1" });
  step(page, 100, { b: "1" });
  step(page, 100, { b: "2" });
  step(page, 100, { b: "3" }, "Enter");
  page.window.time += 2000;
  page.address.write({ b: "4" });
  page.address.write({ b: "5" });
  assert.deepEqual(page.window.queries, ["", "?w=1", "?w=1&b=3", "?w=1&b=4", "?w=1&b=5"]);
  step(page, 100, { b: "6" });
  page.window.move(-1);
  step(page, 100, { b: "7" });
  assert.deepEqual(page.window.queries.slice(4), ["?w=1&b=5", "?w=1&b=7"]);
});

test("what a gesture has set is written at once, and corrected without an entry", () => {
  const { window, address } = open("/?x=1");
  address.writeAhead({ x: "1", w: "2.50" });
  assert.equal(window.href, "/?x=1&w=2.50");
  address.write({ x: "1", w: "2.5", node: null });
  assert.deepEqual(window.queries, ["?x=1", "?x=1&w=2.5"]);
  address.write({ x: "1", w: "2.6", node: null });
  assert.equal(window.entries.length, 3);
});

test("an older answer takes back nothing that a gesture has written since", () => {
  const { window, address } = open("/");
  address.writeAhead({ w: "2", b: null });
  address.writeAhead({ w: "3", b: null });
  address.write({ w: "2", b: null, node: null }, true);
  assert.equal(window.href, "/?w=3");
  address.write({ w: "2", b: null, node: "mul" }, true);
  address.write({ w: "3", b: null, node: "mul" });
  assert.deepEqual(window.queries, ["", "?w=2", "?w=3", "?w=3&node=mul"]);
});

test("an address that a mail has escaped is cleaned, without an entry", () => {
  const { window, address } = open("/?x=2&amp;w=3&amp;amp;hide=lesson#lesson");
  assert.equal(window.href, "/?x=2&w=3&hide=lesson#lesson");
  address.write({ w: "5" });
  assert.deepEqual(window.queries, ["?x=2&w=3&hide=lesson", "?x=2&w=5&hide=lesson"]);
});

test("closed, it listens no more", () => {
  const { window, address, moves } = open("/?w=1");
  address.write({ w: "2" });
  address.close();
  window.move(-1);
  assert.deepEqual([moves, window.hosted], [[], ["/?w=1"]]);
});

test("a path that no page has is said once and taken from the address", () => {
  for (const [hash, path] of [["#/n%C3%B6", "/nö"], ["#/100%", "/100%"]]) {
    const window = new FakeWindow(`/?w=2${hash}`);
    assert.deepEqual([new Address(window).takeUnknownPath(), window.href], [path, "/?w=2"]);
  }
});

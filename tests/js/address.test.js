// The address over a history that is not a browser's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Address } from "../../components/browser/shell/address.js";

/** A window with a history, and a host that listens to `popstate` as Streamlit does: on the window, without capture. */
class FakeWindow {
  constructor(href) {
    Object.assign(this, { entries: [new URL(href, "https://host")], at: 0, listeners: [], hosted: [] });
    this.parent = this;
    this.history = { pushState: (state, title, to) => this.push(to) };
    this.PopStateEvent = class {
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
    this.listeners.push({ listener, capture });
  }

  removeEventListener(name, listener, { capture = false } = {}) {
    this.listeners = this.listeners.filter((one) => one.listener !== listener || one.capture !== capture);
  }

  dispatchEvent(event) {
    const inOrder = [...this.listeners].sort((a, b) => b.capture - a.capture);
    for (const { listener } of inOrder) if (!event.isStopped) listener(event);
  }

  move(by) {
    this.at += by;
    this.dispatchEvent(new this.PopStateEvent());
  }
}

function open(href) {
  const window = new FakeWindow(href);
  const address = new Address(window);
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

test("a host that frames the app is told every query, as Streamlit would tell it", () => {
  const window = new FakeWindow("/?w=1");
  const told = [];
  window.parent = { postMessage: (message, target) => told.push([message, target]) };
  const address = new Address(window);
  told.length = 0;
  address.write({ w: "2" });
  address.write({ w: null });
  window.move(-1);
  const message = (queryParams) => [{ stCommVersion: 1, type: "SET_QUERY_PARAM", queryParams }, "*"];
  assert.deepEqual(told, ["?w=2", "", "?w=2"].map(message));
});

test("closed, it listens no more", () => {
  const { window, address, moves } = open("/?w=1");
  address.write({ w: "2" });
  address.close();
  window.move(-1);
  assert.deepEqual([moves, window.hosted], [[], ["/?w=1"]]);
});

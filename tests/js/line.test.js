// The line without a browser: a page that is dragged on, left and gone back to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Clock, drag, encode, FRAME_MS, isAscending, Server, visit } from "./fakes.js";

test("the first message is shown, and is no event", () => {
  const { line, shown, server, clock } = visit();
  clock.pass(1000);
  assert.equal(shown.length, 1);
  assert.deepEqual(shown[0].structure, { controls: ["x", "w", "b"] });
  assert.equal(line.latest.page, "neuron");
  assert.equal(line.isAhead, false);
  assert.deepEqual(server.events, []);
});

test("an event is whole: page, number, address, all values, the view, and what the browser holds", () => {
  const { line, server, clock } = visit();
  clock.pass(10);
  line.change({ w: 2 }, true);
  clock.pass(10);
  const { page, seq, query, values, graph_view, released, static_id, held } = server.events[0];
  assert.deepEqual({ page, query, values, graph_view, released }, {
    page: "neuron", query: "?w=1", values: { x: 6.7, w: 2, b: 0 }, graph_view: {}, released: true,
  });
  assert.ok(Number.isInteger(seq));
  assert.equal(static_id, "s1");
  assert.deepEqual(held, { x: 6.7, w: 1, b: 0 });
});

test("numbers grow, over a reload too", () => {
  const clock = new Clock();
  const server = new Server(clock);
  for (const reload of [1, 2]) {
    const page = visit({ clock, server });
    clock.pass(10);
    drag(page, 20 * reload);
    page.line.leave();
  }
  assert.ok(isAscending(server.events.map(({ seq }) => seq)));
  assert.ok(server.events.length > 50);
});

test("the first event of a frame leaves at once, and the newest at its end", () => {
  const { line, server, clock } = visit();
  clock.pass(10);
  for (let w = 1; w <= 5; w += 1) line.change({ w }, false);
  assert.deepEqual(server.events.map(({ values }) => values.w), [1]);
  clock.pass(FRAME_MS);
  assert.deepEqual(server.events.map(({ values }) => values.w), [1, 5]);
});

test("in a hidden tab, which has no frames, the last value is sent all the same", () => {
  const { line, server, clock, shown } = visit();
  clock.pass(10);
  clock.hasFrames = false;
  line.change({ w: 1 }, false);
  line.change({ w: 2 }, true);
  clock.pass(1000);
  assert.deepEqual(server.events.map(({ values }) => values.w), [1, 2]);
  assert.equal(shown.at(-1).values.w, 2);
});

for (const delay of [0, 40, 80]) {
  test(`at ${2 * delay} ms there is an event for nearly every frame, and answers come in order`, () => {
    const page = visit({ delay, work: 5 });
    page.clock.pass(1000);
    drag(page, 120);
    const { events } = page.server;
    const sent = events.filter(({ at }) => at > events[0].at + 1000).length;
    assert.ok(sent >= 55, `${sent} events in a second`);
    page.clock.pass(1000);
    assert.equal(page.values().at(-1), 1.2);
    assert.ok(isAscending(page.shown.map(({ seq }) => seq)));
    assert.equal(page.line.isAhead, false);
  });
}

for (const [delay, limit] of [[0, 2], [25, 5], [500, 12]]) {
  test(`a server that stops answering at ${2 * delay} ms gets ${limit} events`, () => {
    const page = visit({ delay });
    page.clock.pass(2 * delay + 100);
    drag(page, 60);
    page.clock.pass(2 * delay + 100);
    page.server.socket.isSilent = true;
    page.server.events.length = 0;
    drag(page, 60);
    assert.equal(page.server.events.length, limit);
    assert.ok(isAscending(page.server.events.map(({ values }) => values.w)));
  });
}

test("events that wait for each other do not widen the window", () => {
  const page = visit({ delay: 5, work: 100 });
  page.clock.pass(100);
  page.line.change({ w: 3 }, false);
  page.clock.pass(500);
  const { limit } = page.line.roundTrip;
  drag(page, 200);
  assert.equal(page.line.roundTrip.limit, limit);
});

test("what the visitor set is not overwritten by older answers", () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  drag(page, 10);
  const early = page.shown.slice(1);
  assert.ok(early.length > 0 && early.every(({ isAhead }) => isAhead));
  assert.equal(page.line.chosen.values.w, 0.1);
  page.clock.pass(500);
  assert.equal(page.shown.at(-1).isAhead, false);
});

test("the server's own spelling is taken over once it has answered", () => {
  const say = (event, values) => ({ values: { ...values, w: Number(values.w) }, graph: { view: { node: "mul" } } });
  const { line, clock, server } = visit({ say });
  clock.pass(10);
  line.change({ w: "1.50" }, true);
  clock.pass(50);
  line.submit({ released: true });
  assert.equal(server.events.at(-1).values.w, 1.5);
  assert.deepEqual(server.events.at(-1).graph_view, { node: "mul" });
});

test("what is released is sent by itself, though the next value comes at once", () => {
  const { line, clock, server } = visit();
  clock.pass(10);
  line.change({ w: 1 }, false);
  line.change({ w: 2 }, true);
  line.change({ w: 3 }, false);
  line.change({ w: 4 }, false);
  clock.pass(100);
  const sent = server.events.map(({ values, released }) => [values.w, released ?? false]);
  assert.deepEqual(sent, [[1, false], [2, true], [4, false]]);
});

test("what is asked for once is sent once and shown once", () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  drag(page, 10);
  page.line.submit({ export: "dot" });
  drag(page, 10);
  page.clock.pass(500);
  assert.equal(page.server.events.filter((event) => event.export).length, 1);
  assert.equal(page.shown.filter(({ exported }) => exported).length, 1);
});

test("what is asked for once and was overtaken is asked again", () => {
  const page = visit();
  page.clock.pass(10);
  page.server.socket.isSilent = true;
  page.line.submit({ export: "dot" });
  page.clock.pass(20);
  page.server.socket.isSilent = false;
  page.line.change({ w: 2 }, false);
  page.clock.pass(100);
  assert.deepEqual(page.shown.map(({ exported }) => exported), [undefined, undefined, "dot"]);
  assert.equal(page.shown.at(-1).values.w, 2);
});

test("release waits for the address of all that was set", async () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  let address = null;
  page.line.subscribe((message) => (address = message.address ?? address));
  page.line.change({ w: 2 }, false);
  const released = page.line.release().then(() => address.w);
  page.clock.pass(500);
  assert.equal(await released, "2");
});

test("release waits for what is set meanwhile, too", async () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  let isDone = false;
  page.line.change({ w: 2 }, false);
  const released = page.line.release().then(() => (isDone = true));
  page.clock.pass(20);
  page.line.change({ w: 3 }, false);
  page.clock.pass(500);
  await setImmediate();
  assert.equal(isDone, false);
  page.line.change({ w: 3 }, true);
  page.clock.pass(500);
  await released;
  assert.equal(page.shown.at(-1).address.w, "3");
});

test("release has nothing to wait for where all is said", async () => {
  const { line, server } = visit();
  await line.release();
  assert.deepEqual(server.events, []);
});

test("Back: the address is asked, and what was under way is not shown any more", () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  page.line.submit({ open: ["opinions"] });
  page.line.change({ w: 2 }, true);
  page.clock.pass(50);
  page.line.readAddress();
  page.clock.pass(500);
  const { values, graph_view, open } = page.server.events.at(-1);
  assert.deepEqual({ values, graph_view, open }, { values: undefined, graph_view: undefined, open: ["opinions"] });
  assert.ok(!page.values().includes(2));
  assert.equal(page.line.isAhead, false);
  assert.equal(page.line.chosen.values.w, 1);
});

test("a page that is left sends and shows nothing, and a waiting release is let go", async () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  page.line.change({ w: 2 }, true);
  const released = page.line.release();
  page.line.leave();
  await released;
  page.line.change({ w: 3 }, true);
  page.clock.pass(5000);
  assert.equal(page.shown.length, 1);
  assert.equal(page.server.events.length, 1);
  assert.equal(page.server.attempts.length, 1);
  assert.ok(page.server.socket.isClosed);
});

test("another page's first message begins anew; late answers of the old one are dropped", () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  page.line.change({ w: 2 }, true);
  page.line.submit({ with_x: true });
  page.clock.pass(20);
  page.line.receive(encode({ ...page.server.answer({ page: "chain_rule", seq: 0 }), values: { x: 3 } }));
  page.clock.pass(500);
  assert.deepEqual(page.shown.map((message) => message.page), ["neuron", "chain_rule"]);
  page.line.change({ x: 2 }, false);
  assert.deepEqual(page.server.events.at(-1).values, { x: 2 });
  assert.equal(page.server.events.at(-1).with_x, undefined);
});

test("the same page's first message again (the host ran it anew) is not shown over what was set", () => {
  const page = visit();
  page.clock.pass(10);
  page.line.change({ w: 2 }, false);
  page.clock.pass(50);
  page.line.receive(encode(page.server.answer({ page: "neuron", seq: 0 })));
  assert.deepEqual(page.values(), [1, 2]);
});

test("a page that opens with the answer to an old event asks its address", () => {
  const clock = new Clock();
  const server = new Server(clock);
  const page = visit({ clock, server, first: server.answer({ page: "neuron", seq: 7, values: { w: 4 } }) });
  clock.pass(50);
  assert.equal(server.events.at(-1).values, undefined);
  assert.equal(page.values().at(-1), 1);
});

test("two tabs know nothing of each other", () => {
  const clock = new Clock();
  const server = new Server(clock);
  const [one, two] = [visit({ clock, server }), visit({ clock, server })];
  clock.pass(10);
  one.line.change({ w: 2 }, true);
  two.line.change({ w: 3 }, true);
  clock.pass(50);
  assert.deepEqual([one.values(), two.values()], [[1, 2], [1, 3]]);
});

test("one view that fails stops neither the others nor the line", async () => {
  const page = visit();
  const errors = [];
  const keep = (error) => errors.push(error.message);
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException").once("uncaughtException", keep);
  let isBroken = false;
  page.line.subscribe(() => {
    if (isBroken) throw new Error("broken view");
  });
  const others = [];
  page.line.subscribe(({ values }) => others.push(values.w));
  page.clock.pass(10);
  isBroken = true;
  page.line.change({ w: 2 }, true);
  page.clock.pass(50);
  await setImmediate();
  for (const listener of before) process.on("uncaughtException", listener);
  assert.deepEqual([errors, others], [["broken view"], [1, 2]]);
});

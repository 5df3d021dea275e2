// The line without a browser: a page that is dragged on, and a server that is slow, busy, gone, or behind a proxy.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, drag, encode, FRAME_MS, Server, visit } from "./fakes.js";

const isAscending = (numbers) => numbers.every((number, i) => i === 0 || number > numbers[i - 1]);

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
  assert.deepEqual(server.events.map(({ values, released }) => [values.w, released ?? false]), [[1, false], [2, true], [4, false]]);
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

test("a lost answer: the status says so, the value is sent again and shown, once", () => {
  const page = visit();
  page.clock.pass(10);
  page.server.socket.isSilent = true;
  page.line.change({ w: 2 }, true);
  page.clock.pass(1400);
  assert.deepEqual(page.statuses, []);
  page.server.socket.isSilent = false;
  page.clock.pass(200);
  assert.deepEqual(page.statuses, [1, 0]);
  assert.deepEqual(page.values(), [1, 2]);
  assert.equal(page.shown.at(-1).address.w, "2");
});

test("two answers to what was sent twice are shown once, even where the first is only late", () => {
  const page = visit({ work: 1600 });
  page.clock.pass(10);
  page.line.change({ w: 2 }, true);
  page.clock.pass(10_000);
  assert.equal(page.server.events.length, 2);
  assert.deepEqual(page.values(), [1, 2]);
});

test("a server that answers slowly is waited for", () => {
  const page = visit({ work: 5500 });
  page.clock.pass(10);
  page.line.change({ w: 2 }, true);
  page.clock.pass(60_000);
  assert.deepEqual(page.values(), [1, 2]);
  assert.equal(page.line.isAhead, false);
});

test("two answers missing: the socket is opened anew", () => {
  const page = visit();
  page.clock.pass(10);
  page.server.socket.isSilent = true; // half open: nothing is heard, nobody closes it
  page.line.change({ w: 2 }, true);
  page.clock.pass(3600);
  assert.equal(page.server.attempts.length, 2);
  assert.deepEqual(page.statuses, [1, 2, 0]);
  assert.deepEqual(page.values(), [1, 2]);
});

test("a socket that is cut is opened at once, and the newest value arrives", () => {
  const page = visit({ delay: 20 });
  page.clock.pass(500);
  drag(page, 30);
  page.server.cut();
  page.clock.pass(1);
  assert.equal(page.server.attempts.length, 2);
  drag(page, 40);
  page.clock.pass(200);
  assert.equal(page.values().at(-1), 0.4);
  assert.deepEqual(page.statuses, []);
  assert.ok(isAscending(page.shown.map(({ seq }) => seq)));
});

test("what was released when the socket was cut gets its address, before what was set after it", () => {
  const page = visit({ delay: 20 });
  page.clock.pass(500);
  page.line.change({ w: 2 }, true);
  page.clock.pass(17);
  page.line.change({ w: 3 }, false);
  page.server.cut();
  page.clock.pass(300);
  assert.deepEqual(page.shown.map(({ values, address }) => [values.w, address?.w]), [[1, undefined], [2, "2"], [3, undefined]]);
});

test("a server that is gone for a while: attempts spread out, the last value arrives when it is back", () => {
  const page = visit();
  page.clock.pass(10);
  page.line.change({ w: 1.5 }, true);
  page.clock.pass(10);
  page.server.cut("refusing");
  page.line.change({ w: 2 }, true);
  page.clock.pass(20_000);
  const gaps = page.server.attempts.map((at, i, all) => at - (all[i - 1] ?? 0)).slice(2);
  assert.deepEqual(gaps.slice(0, 6), [250, 500, 1000, 2000, 4000, 4000]);
  assert.equal(page.values().at(-1), 1.5);
  page.server.mode = "up";
  page.clock.pass(4100);
  assert.equal(page.values().at(-1), 2);
  assert.equal(page.statuses.at(-1), 0);
});

test("a server that accepts and closes again is not hammered", () => {
  const page = visit();
  page.clock.pass(10);
  for (let i = 0; i < 1000; i += 1) {
    page.server.cut();
    page.clock.pass(10);
  }
  assert.ok(page.server.attempts.length < 12, `${page.server.attempts.length} attempts`);
});

test("where no socket ever opens, events go by the fallback, one at a time", () => {
  const clock = new Clock();
  const server = new Server(clock);
  server.mode = "refusing";
  const page = visit({ clock, server });
  clock.pass(1000);
  drag(page, 10);
  assert.deepEqual(page.fallbackEvents.map(({ values }) => values.w), [0]);
  page.line.receive(encode(server.answer(page.fallbackEvents[0])));
  assert.deepEqual(page.values(), [1, 0]);
  clock.pass(FRAME_MS);
  assert.deepEqual(page.fallbackEvents.map(({ values }) => values.w), [0, 0.1]);
  page.line.receive(encode(server.answer(page.fallbackEvents[1])));
  assert.equal(page.line.isAhead, false);
});

test("behind such a proxy the socket is tried every 30 s, and taken once it opens", () => {
  const clock = new Clock();
  const server = new Server(clock);
  server.mode = "refusing";
  const page = visit({ clock, server });
  clock.pass(95_000);
  assert.equal(server.attempts.length, 2 + 3);
  page.line.change({ w: 2 }, true);
  server.mode = "up";
  clock.pass(30_000);
  assert.equal(page.fallbackEvents.at(-1).values.w, 2);
  assert.equal(server.events.length, 1);
  page.line.receive(encode(server.answer(page.fallbackEvents.at(-1))));
  assert.deepEqual(page.values(), [1, 2]);
});

test("a socket that neither opens nor fails: the fallback serves meanwhile", () => {
  const clock = new Clock();
  const server = new Server(clock);
  server.open = () => ({ send() {}, close() {} });
  const page = visit({ clock, server });
  page.line.change({ w: 2 }, true);
  clock.pass(1600);
  assert.equal(page.fallbackEvents.at(-1).values.w, 2);
  assert.deepEqual(page.statuses, [1]);
});

test("a browser that forbids sockets uses the fallback", () => {
  const clock = new Clock();
  const server = new Server(clock);
  server.open = () => {
    throw new Error("forbidden");
  };
  const page = visit({ clock, server });
  clock.pass(1000);
  page.line.change({ w: 2 }, true);
  assert.equal(page.fallbackEvents.at(-1).values.w, 2);
});

test("waking from sleep: a dead socket is found by one missing answer", () => {
  const page = visit();
  page.clock.pass(10);
  page.server.socket.isSilent = true;
  page.clock.pass(3_600_000);
  page.line.wake();
  page.clock.pass(2100);
  assert.equal(page.server.attempts.length, 2);
  assert.equal(page.line.isAhead, false);
  page.line.change({ w: 2 }, true);
  page.clock.pass(20);
  assert.equal(page.values().at(-1), 2);
});

test("waking while nothing is wrong asks nothing of a socket that has just spoken", () => {
  const page = visit();
  page.clock.pass(100);
  page.line.change({ w: 2 }, true);
  page.clock.pass(1000);
  page.line.wake();
  page.clock.pass(1000);
  assert.equal(page.server.events.length, 1);
});

test("the network is back: what is not open is opened at once", () => {
  const page = visit();
  page.clock.pass(10);
  page.server.cut("refusing");
  page.clock.pass(20_000);
  page.server.mode = "up";
  page.line.change({ w: 2 }, true);
  page.line.wake();
  page.clock.pass(FRAME_MS);
  assert.equal(page.values().at(-1), 2);
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

test("release has nothing to wait for where all is said", async () => {
  const { line, server } = visit();
  await line.release();
  assert.deepEqual(server.events, []);
});

test("Back: the address is asked, and what was under way is not shown any more", () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  page.line.submit({ narrow: true });
  page.line.change({ w: 2 }, true);
  page.clock.pass(50);
  page.line.readAddress();
  page.clock.pass(500);
  const { values, graph_view, narrow } = page.server.events.at(-1);
  assert.deepEqual({ values, graph_view, narrow }, { values: undefined, graph_view: undefined, narrow: true });
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
  await new Promise((resolve) => setImmediate(resolve));
  for (const listener of before) process.on("uncaughtException", listener);
  assert.deepEqual([errors, others], [["broken view"], [1, 2]]);
});

// The line without a browser: a server that is slow, silent, gone, or behind a proxy.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, drag, encode, FRAME_MS, isAscending, Server, visit } from "./fakes.js";

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

test("the newest is sent again though an older one has been answered since", () => {
  const page = visit({ delay: 40 });
  page.clock.pass(500);
  page.server.loses = ({ values }) => values.w === 3;
  page.line.change({ w: 2 }, false);
  page.clock.pass(FRAME_MS);
  page.line.change({ w: 3 }, false);
  page.clock.pass(1000);
  assert.deepEqual(page.values(), [1, 2]);
  page.server.loses = () => false;
  page.clock.pass(1000);
  assert.deepEqual(page.values(), [1, 2, 3]);
});

test("a server that answers slowly is waited for", () => {
  const page = visit({ work: 5500 });
  page.clock.pass(10);
  page.line.change({ w: 2 }, true);
  page.clock.pass(60_000);
  assert.deepEqual(page.values(), [1, 2]);
  assert.equal(page.line.isAhead, false);
  assert.equal(page.server.events.length, 1);
});

test("two answers missing: the socket is opened anew", () => {
  const page = visit();
  page.clock.pass(10);
  page.server.socket.isSilent = true; // half open: nothing is heard, nobody closes it
  page.line.change({ w: 2 }, true);
  const [silent] = page.server.sockets;
  page.clock.pass(3600);
  assert.equal(page.server.attempts.length, 2);
  assert.ok(silent.isClosed);
  assert.deepEqual(page.fallbackEvents, []);
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
  const shown = page.shown.map(({ values, address }) => [values.w, address?.w]);
  assert.deepEqual(shown, [[1, undefined], [2, "2"], [3, undefined]]);
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

test("a server that is back has all the time to answer, however long it was gone", () => {
  for (let gone = 5000; gone < 30_000; gone += 700) {
    const page = visit({ work: 1400 });
    page.clock.pass(10);
    page.server.cut("refusing");
    page.line.change({ w: 2 }, true);
    page.clock.pass(gone);
    page.server.mode = "up";
    page.clock.pass(6000);
    assert.deepEqual([page.server.sockets.length, page.values()], [1, [1, 2]], `${gone} ms`);
  }
});

test("while a server is gone its host's own line is tried too", () => {
  const page = visit({ delay: 10 });
  page.clock.pass(100);
  page.line.change({ w: 2 }, true);
  page.clock.pass(5);
  page.server.cut("refusing");
  page.clock.pass(5);
  assert.deepEqual(page.fallbackEvents, []);
  page.clock.pass(400);
  assert.deepEqual(page.fallbackEvents.map(({ values }) => values.w), [2]);
  page.server.mode = "up";
  page.clock.pass(1000);
  assert.deepEqual(page.values(), [1, 2]);
  page.server.cut("refusing");
  page.line.change({ w: 3 }, true);
  page.clock.pass(30);
  assert.equal(page.fallbackEvents.length, 1);
});

test("an idle socket that is closed every minute is opened at once every time", () => {
  const page = visit();
  for (let minute = 1; minute <= 5; minute += 1) {
    page.clock.pass(60_000);
    page.server.cut();
    page.clock.pass(1);
    assert.equal(page.server.attempts.length, 1 + minute);
  }
});

test("the window fits the new way at once", () => {
  const page = visit();
  page.clock.pass(10);
  drag(page, 60);
  page.server.delay = 100;
  page.server.cut();
  page.clock.pass(1000);
  drag(page, 60);
  assert.equal(page.line.roundTrip.limit, 12);
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
  let attempts = 0;
  server.open = () => {
    attempts += 1;
    return { send() {}, close() {} };
  };
  const page = visit({ clock, server });
  page.line.change({ w: 2 }, true);
  clock.pass(1600);
  assert.equal(page.fallbackEvents.at(-1).values.w, 2);
  assert.deepEqual(page.statuses, [1]);
  clock.pass(20_000);
  assert.equal(attempts, 2);
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

test("the network is back, but not quite: attempts begin anew", () => {
  const page = visit();
  page.clock.pass(10);
  page.server.cut("refusing");
  page.clock.pass(20_000);
  page.server.attempts.length = 0;
  page.line.wake();
  page.clock.pass(600);
  assert.equal(page.server.attempts.length, 3);
});

// The line without a browser, over a slow network and at a server that stands still: nothing is sent twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Clock, drag, isAscending, Server, visit } from "./fakes.js";

const DELAYS = [100, 400, 850, 1500, 3000];
const OPENING_ROUND_TRIPS = 2;

/** A page that has been opened over a network with so many milliseconds each way, as its own request has measured. */
function slowVisit(delay, options = {}) {
  return visit({ ...options, delay, latency: 2 * delay });
}

/** Whether everything that was set is shown, so that the sharing panel opens. */
async function isReleased(page) {
  let isDone = false;
  page.line.release().then(() => (isDone = true));
  await setImmediate();
  return isDone;
}

for (const delay of DELAYS) {
  test(`at ${delay} ms each way a typed number is sent once, and settles`, async () => {
    const page = slowVisit(delay, { work: 20 });
    page.clock.pass(2 * delay * OPENING_ROUND_TRIPS);
    for (const w of [2, 3]) {
      page.line.change({ w }, true);
      page.clock.pass(2 * delay + 30);
    }
    assert.deepEqual(page.server.events.map(({ values }) => values.w), [2, 3]);
    assert.deepEqual([page.values(), page.statuses, page.fallbackEvents], [[1, 2, 3], [], []]);
    assert.ok(await isReleased(page));
  });

  test(`at ${delay} ms each way what is typed before the socket is open is sent once, too`, () => {
    const page = slowVisit(delay);
    page.line.change({ w: 2 }, true);
    page.clock.pass(60_000);
    assert.deepEqual([page.server.events.length, page.fallbackEvents.length, page.values()], [1, 0, [1, 2]]);
    assert.deepEqual(page.statuses, []);
  });

  test(`at ${delay} ms each way a drag is shown in order, and no socket is given up`, async () => {
    const page = slowVisit(delay, { work: 5 });
    page.clock.pass(2 * delay + 100);
    drag(page, 300);
    page.line.change({ w: 3 }, true);
    page.clock.pass(10 * delay);
    const seqs = page.server.events.map(({ values }) => values.w);
    assert.ok(isAscending(seqs.slice(0, -1)));
    assert.ok(isAscending(page.shown.slice(1).map(({ values }) => values.w).slice(0, -1)));
    assert.deepEqual([page.values().at(-1), page.server.attempts.length, page.statuses], [3, 1, []]);
    assert.ok(await isReleased(page));
  });

  test(`at ${delay} ms each way a socket that has died is found, and what was set arrives`, async () => {
    const page = slowVisit(delay);
    page.clock.pass(2 * delay + 100);
    page.server.socket.isSilent = true;
    page.line.change({ w: 2 }, true);
    page.clock.pass(120_000);
    assert.deepEqual([page.server.events.length, page.server.attempts.length, page.values()], [2, 2, [1, 2]]);
    assert.equal(page.statuses.at(-1), 0);
    assert.ok(await isReleased(page));
  });
}

test("a network that has become slow: the first late answer is waited for", async () => {
  const page = visit({ delay: 20 });
  page.clock.pass(1000);
  page.server.delay = 1400;
  page.line.change({ w: 2 }, true);
  page.clock.pass(10_000);
  assert.deepEqual([page.server.events.length, page.server.sockets.length, page.values()], [1, 1, [1, 2]]);
  assert.deepEqual(page.statuses, [1, 0]);
  page.line.change({ w: 3 }, true);
  page.clock.pass(10_000);
  assert.deepEqual([page.server.events.length, page.values(), page.statuses], [2, [1, 2, 3], [1, 0]]);
  assert.ok(await isReleased(page));
});

for (const pause of [2000, 5000, 9000]) {
  test(`a server that stands still for ${pause} ms under a class of 60 gets each number once`, async () => {
    const clock = new Clock();
    const server = new Server(clock, { delay: 40, work: 5, isShared: true });
    const pages = Array.from({ length: 60 }, () => visit({ clock, server, latency: 80 }));
    clock.pass(1000);
    server.standsUntil = clock.time + pause;
    for (const page of pages) {
      clock.pass(20);
      page.line.change({ w: 2 }, true);
    }
    clock.pass(1000);
    for (const page of pages) page.line.change({ w: 3 }, true);
    clock.pass(pause + 2000);
    assert.equal(server.events.length, 120);
    for (const { shown, values, statuses } of pages) {
      assert.ok(isAscending(shown.map(({ seq }) => seq)));
      assert.deepEqual(values(), [1, 2, 3]);
      assert.equal(statuses.at(-1) ?? 0, 0);
    }
    assert.deepEqual(await Promise.all(pages.map(isReleased)), pages.map(() => true));
    clock.pass(60_000);
    assert.equal(server.events.length, 120);
    assert.equal(server.sockets.filter((socket) => !socket.isClosed).length, 60);
  });
}

test("an answer that never comes, though the server speaks, is asked for over a new socket in the end", () => {
  const page = visit();
  page.clock.pass(10);
  page.server.socket.isBusy = true; // it hangs at what it was asked before
  page.line.change({ w: 2 }, true);
  page.clock.pass(20_000);
  assert.deepEqual([page.server.events.length, page.server.attempts.length], [1, 1]);
  page.clock.pass(40_000);
  assert.deepEqual([page.values(), page.statuses.at(-1)], [[1, 2], 0]);
  assert.equal(page.server.events.length, 2);
});

test("a socket that speaks while another one opens is kept", () => {
  const page = visit({ delay: 10 });
  page.clock.pass(100);
  page.server.standsUntil = page.clock.time + 3500;
  page.line.change({ w: 2 }, true);
  page.clock.pass(3400);
  assert.equal(page.server.attempts.length, 2);
  page.clock.pass(1000);
  assert.deepEqual(page.server.sockets.map(({ isClosed }) => isClosed), [false, true]);
  assert.deepEqual([page.values(), page.server.events.length], [[1, 2], 1]);
});

test("a silent socket, and a server that opens no other: attempts go on, and what was set arrives", () => {
  const page = visit({ delay: 10 });
  page.clock.pass(100);
  page.server.socket.isSilent = true;
  page.server.mode = "refusing";
  page.line.change({ w: 2 }, true);
  page.clock.pass(20_000);
  assert.equal(page.values().at(-1), 1);
  page.server.mode = "up";
  page.clock.pass(5000);
  assert.deepEqual([page.values(), page.statuses.at(-1)], [[1, 2], 0]);
});

test("a silent socket that is cut while another one opens", () => {
  const page = visit({ delay: 300 });
  page.clock.pass(1000);
  page.server.socket.isSilent = true;
  page.line.change({ w: 2 }, true);
  while (page.server.attempts.length < 2) page.clock.pass(100);
  page.server.close(page.server.sockets[0]);
  page.clock.pass(1500);
  assert.deepEqual([page.values(), page.server.attempts.length, page.server.events.length], [[1, 2], 2, 2]);
});

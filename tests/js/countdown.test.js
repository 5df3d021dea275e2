// The time for a class's task.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Countdown } from "../../components/browser/classroom/countdown.js";

const MINUTE = 60_000;

function start(kept = new Map()) {
  const clock = { time: 1_000_000 };
  const store = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => kept.set(key, text),
    removeItem: (key) => kept.delete(key),
  };
  return { clock, kept, countdown: new Countdown(() => clock.time, store, "timer") };
}

test("a second that has begun counts, and the next text comes when it ends", () => {
  const { clock, countdown } = start();
  assert.equal(countdown.isSet, false);
  countdown.start(2);
  assert.deepEqual([countdown.text, countdown.untilNext], ["2:00", 1000]);
  clock.time += 1;
  assert.deepEqual([countdown.text, countdown.untilNext], ["2:00", 999]);
  clock.time += countdown.untilNext;
  assert.equal(countdown.text, "1:59");
  clock.time += 2 * MINUTE;
  assert.deepEqual([countdown.text, countdown.isOver, countdown.untilNext], ["0:00", true, null]);
  countdown.toggle();
  assert.equal(countdown.isOver, true);
});

test("a pause takes no time", () => {
  const { clock, countdown } = start();
  countdown.start(1);
  clock.time += 20_500;
  countdown.toggle();
  clock.time += 5 * MINUTE;
  assert.deepEqual([countdown.text, countdown.isRunning, countdown.untilNext], ["0:40", false, null]);
  countdown.toggle();
  clock.time += 500;
  assert.deepEqual([countdown.text, countdown.isRunning], ["0:39", true]);
  countdown.reset();
  assert.deepEqual([countdown.isSet, countdown.isOver], [false, false]);
});

test("a page that is loaded anew goes on counting, and takes nothing that it did not write", () => {
  const { clock, kept, countdown } = start();
  countdown.start(5);
  const again = start(kept);
  again.clock.time = clock.time + MINUTE;
  assert.equal(again.countdown.text, "4:00");
  countdown.reset();
  assert.equal(kept.size, 0);
  for (const text of ["", "{", "null", "[1]", '{"minutes":"x","left":1}', '{"minutes":1,"left":1e9,"endsAt":null}']) {
    assert.equal(start(new Map([["timer", text]])).countdown.isSet, false, text);
  }
});

test("where nothing can be kept, it counts all the same", () => {
  const countdown = new Countdown(() => 0, null, "timer");
  countdown.start(1);
  assert.equal(countdown.text, "1:00");
});

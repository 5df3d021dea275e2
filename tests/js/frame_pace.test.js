// One event in a frame, and which one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FramePace } from "../../components/browser/shell/frame_pace.js";
import { Clock, FRAME_MS } from "./fakes.js";

/** A pace at the beginning of a frame, whose first event has just left; `sent` are the times at which the next may. */
function started({ isLate = () => false, hasFrames = true } = {}) {
  const clock = new Clock(600 * FRAME_MS);
  const sent = [];
  const began = clock.time;
  const pace = new FramePace(
    {
      now: () => clock.time,
      setTimer: (callback, delay) => clock.setTimer(callback, delay),
      clearTimer: (id) => clock.clearTimer(id),
      nextFrame: (callback) => clock.nextFrame(callback),
    },
    { isLate, send: () => sent.push(Math.round(clock.time - began)) },
  );
  clock.hasFrames = hasFrames;
  pace.take();
  return { clock, pace, sent };
}

test("nothing more leaves in a frame, and what waits gives way to a newer value for half of the next", () => {
  const { clock, pace, sent } = started();
  clock.pass(FRAME_MS - 1);
  assert.equal(pace.isOpen, false);
  clock.pass(2);
  assert.equal(pace.isOpen, true);
  assert.deepEqual(sent, []);
  clock.pass(FRAME_MS);
  assert.deepEqual(sent, [Math.round(FRAME_MS + 8)]);
});

test("after an answer that missed its frame, what waits leaves as a frame begins, for a quarter of a second", () => {
  let isLate = true;
  const { clock, pace, sent } = started({ isLate: () => isLate });
  clock.pass(FRAME_MS + 1);
  isLate = false;
  assert.deepEqual(sent, [17]);
  for (let frame = 2; frame <= 18; frame += 1) {
    pace.take();
    clock.pass(FRAME_MS);
  }
  const phases = sent.map((time) => time % FRAME_MS);
  assert.ok(phases.slice(0, 15).every((phase) => phase < 1 || phase > FRAME_MS - 1));
  assert.ok(Math.abs(phases.at(-1) - 8) < 1);
});

test("a tab that has no frames sends ten times a second", () => {
  const { clock, sent } = started({ hasFrames: false });
  clock.pass(200);
  assert.deepEqual(sent, [108]);
});

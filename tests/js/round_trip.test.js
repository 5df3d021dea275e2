// What follows from how long an answer takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { RoundTrip } from "../../components/browser/shell/round_trip.js";

test("the shortest of the last seconds counts, and is forgotten when the way has become longer", () => {
  let now = 0;
  const roundTrip = new RoundTrip(() => now);
  assert.deepEqual([roundTrip.minimum, roundTrip.limit], [0, 2]);
  for (const duration of [40, 300, 20, 300]) roundTrip.add(duration);
  assert.deepEqual([roundTrip.minimum, roundTrip.limit], [20, 4]);
  for (now = 100; now < 4900; now += 100) roundTrip.add(80);
  assert.equal(roundTrip.minimum, 20);
  for (now = 5000; now < 11_000; now += 100) roundTrip.add(80);
  assert.deepEqual([roundTrip.minimum, roundTrip.limit], [80, 7]);
});

test("after a long rest nothing old counts", () => {
  let now = 0;
  const roundTrip = new RoundTrip(() => now);
  roundTrip.add(5);
  now = 60_000;
  roundTrip.add(160);
  assert.equal(roundTrip.minimum, 160);
});

test("a clock that is set back makes no negative time, and one that is set ahead no endless one", () => {
  const roundTrip = new RoundTrip(() => 0);
  roundTrip.add(-3_600_000);
  assert.deepEqual([roundTrip.minimum, roundTrip.limit, roundTrip.patience(0)], [0, 2, 1500]);
  roundTrip.add(3_600_000);
  assert.equal(roundTrip.patience(0), 40_000);
});

test("patience grows with the round trip, and with what was missed", () => {
  const roundTrip = new RoundTrip(() => 0);
  const patience = () => [0, 1, 2, 3, 4, 9].map((misses) => roundTrip.patience(misses));
  assert.deepEqual(patience(), [1500, 1500, 3000, 6000, 12_000, 12_000]);
  roundTrip.add(1000);
  assert.deepEqual(patience(), [4000, 4000, 8000, 12_000, 12_000, 12_000]);
  roundTrip.add(5000);
  assert.deepEqual(patience(), [20_000, 20_000, 20_000, 20_000, 20_000, 20_000]);
});

test("patience begins with an estimate, grows at once, and is lost slowly", () => {
  const roundTrip = new RoundTrip(() => 0, 1000);
  const usual = [roundTrip.patience(0)];
  for (const duration of [3000, 100, 100]) {
    roundTrip.add(duration);
    usual.push(roundTrip.patience(0));
  }
  assert.deepEqual(usual, [4000, 12_000, 6200, 3300]);
  roundTrip.reset(500);
  assert.deepEqual([roundTrip.patience(0), roundTrip.minimum], [2000, 0]);
});

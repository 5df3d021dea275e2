// How long an answer takes, and what follows from it.

const FRAME_MS = 1000 / 60;
const SPAN_MS = 5000;
const MOST_UNDER_WAY = 12;
const LONGEST_MS = 10_000;
const LEAST_PATIENCE_MS = 1500;
const MOST_PATIENCE_MS = 12_000;

export class RoundTrip {
  /** `estimate`: how long an answer may take, until the first has come. */
  constructor(now, estimate = 0) {
    this.now = now;
    this.reset(estimate);
  }

  reset(estimate = 0) {
    this.usual = Math.min(estimate, LONGEST_MS);
    Object.assign(this, { current: Infinity, previous: Infinity, since: this.now() });
  }

  add(duration) {
    const age = this.now() - this.since;
    if (age >= SPAN_MS) {
      this.previous = age < 2 * SPAN_MS ? this.current : Infinity;
      this.current = Infinity;
      this.since = this.now();
    }
    const latest = Math.min(Math.max(duration, 0), LONGEST_MS); // a clock may be set
    this.usual = Math.max(latest, (this.usual + latest) / 2);
    this.current = Math.min(this.current, latest);
  }

  /** The shortest of the last 5 to 10 seconds, so that events that queue do not count; 0 before the first. */
  get minimum() {
    const shortest = Math.min(this.current, this.previous);
    return Number.isFinite(shortest) ? shortest : 0;
  }

  /** Whether an answer can come within a frame. */
  get isWithinFrame() {
    return this.minimum > 0 && this.minimum < FRAME_MS;
  }

  /** How many events may be under way: one for each frame of a round trip, and two more. */
  get limit() {
    return Math.min(2 + Math.ceil(this.minimum / FRAME_MS), MOST_UNDER_WAY);
  }

  /** How long to wait for an answer, the longer the more often it was waited for in vain. */
  patience(misses) {
    const usual = Math.max(LEAST_PATIENCE_MS, 4 * this.usual);
    return Math.min(usual * 2 ** Math.max(misses - 1, 0), Math.max(usual, MOST_PATIENCE_MS));
  }
}

// The time that a class has for a task: whole minutes, counted down, paused and gone on with. It has no screen.

const SECOND_MS = 1000;
const MOST_MS = 60 * 60 * SECOND_MS;

/**
 * `now()` in milliseconds and `store`, a `Storage` or null, are injected: what is kept there goes on counting after the
 * page has been loaded anew.
 */
export class Countdown {
  constructor(now, store, key) {
    Object.assign(this, { now, store, key, minutes: 0, left: 0, endsAt: null });
    this.read();
  }

  /** Whether a task's time was set and not taken back, run out or not. */
  get isSet() {
    return this.minutes > 0;
  }

  get isRunning() {
    return this.endsAt !== null && this.milliseconds > 0;
  }

  get isOver() {
    return this.isSet && this.milliseconds === 0;
  }

  get milliseconds() {
    return this.endsAt === null ? this.left : Math.max(this.endsAt - this.now(), 0);
  }

  /** The time left as `1:59`; a second that has begun counts. */
  get text() {
    const seconds = Math.ceil(this.milliseconds / SECOND_MS);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  /** Milliseconds until the text is another one; null where time stands still. */
  get untilNext() {
    return this.isRunning ? (this.milliseconds - 1) % SECOND_MS + 1 : null;
  }

  start(minutes) {
    this.minutes = minutes;
    this.endsAt = this.now() + minutes * 60 * SECOND_MS;
    this.write();
  }

  /** Pauses what runs, goes on with what is paused; nothing happens where the time is over. */
  toggle() {
    if (this.isOver) return;
    if (this.isRunning) Object.assign(this, { left: this.milliseconds, endsAt: null });
    else this.endsAt = this.now() + this.left;
    this.write();
  }

  reset() {
    Object.assign(this, { minutes: 0, left: 0, endsAt: null });
    this.write();
  }

  write() {
    const { minutes, left, endsAt } = this;
    try {
      if (this.isSet) this.store?.setItem(this.key, JSON.stringify({ minutes, left, endsAt }));
      else this.store?.removeItem(this.key);
    } catch {
      // Full or forbidden: then it counts until the page is loaded anew.
    }
  }

  /** What the store says, where it says what can be counted. */
  read() {
    try {
      const { minutes, left, endsAt } = JSON.parse(this.store?.getItem(this.key) ?? "{}");
      const ahead = endsAt === null ? left : endsAt - this.now();
      if (minutes > 0 && ahead <= MOST_MS) Object.assign(this, { minutes, left, endsAt });
    } catch {
      // None of ours.
    }
  }
}

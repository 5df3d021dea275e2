// A socket that is opened anew whenever it is lost.

const OPENING_MS = 10_000;
const STEADY_MS = 5000;
const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 4000;
const RETRY_MS = 30_000;

/**
 * `open(handlers)` gives something to `send(text)` on and to `close()`, and calls `handlers.opened()`,
 * `handlers.message(bytes)` and `handlers.closed()`; `on` hears of the same, whichever socket it is.
 */
export class Connection {
  constructor({ open, now, setTimer, clearTimer, random = Math.random }, on) {
    Object.assign(this, { open, now, setTimer, clearTimer, random, on });
    this.attempt = null;
    this.timer = null;
    this.tries = 0;
    this.refusals = 0;
    this.hasBeenOpen = false;
  }

  get isOpen() {
    return this.attempt?.isOpen === true;
  }

  /** Whether it could not be opened, twice in a row. */
  get isRefused() {
    return this.refusals >= 2;
  }

  /** Milliseconds since the open socket said something. */
  get silence() {
    return this.now() - this.attempt.heardAt;
  }

  start() {
    if (!this.attempt && this.timer === null) this.connect();
  }

  stop() {
    this.drop();
    this.tries = 0;
  }

  send(text) {
    this.attempt.socket.send(text);
  }

  /** Gives up a socket that does not answer. */
  reopen() {
    this.drop();
    this.retry();
    this.tries += 1;
  }

  /** Opens at once what is not open. */
  wake() {
    this.tries = 0;
    if (!this.isOpen) this.connect();
  }

  connect() {
    this.drop();
    const attempt = { socket: null, isOpen: false, openedAt: 0, heardAt: 0 };
    this.attempt = attempt;
    this.timer = this.setTimer(() => this.lost(attempt), OPENING_MS);
    try {
      attempt.socket = this.open({
        opened: () => this.opened(attempt),
        message: (bytes) => this.heard(attempt, bytes),
        closed: () => this.lost(attempt),
      });
    } catch {
      this.lost(attempt); // the browser itself forbids it
    }
  }

  opened(attempt) {
    if (this.attempt !== attempt) return;
    this.forgetTimer();
    attempt.isOpen = this.hasBeenOpen = true;
    attempt.openedAt = attempt.heardAt = this.now();
    this.refusals = 0;
    this.on.opened();
  }

  heard(attempt, bytes) {
    attempt.heardAt = this.now();
    this.tries = 0;
    this.on.message(bytes);
  }

  lost(attempt) {
    if (this.attempt !== attempt) return;
    this.drop();
    if (!attempt.isOpen) this.refusals += 1;
    else if (this.now() - attempt.openedAt >= STEADY_MS) this.tries = 0;
    if (attempt.isOpen && this.tries === 0) this.connect();
    else this.retry();
    this.tries += 1;
    this.on.closed();
  }

  retry() {
    const longest = Math.min(FIRST_BACKOFF_MS * 2 ** Math.max(this.tries - 1, 0), LAST_BACKOFF_MS);
    const backoff = longest * (0.5 + this.random() / 2);
    this.timer = this.setTimer(() => this.connect(), this.isRefused && !this.hasBeenOpen ? RETRY_MS : backoff);
  }

  drop() {
    this.forgetTimer();
    this.attempt?.socket?.close();
    this.attempt = null;
  }

  forgetTimer() {
    if (this.timer !== null) this.clearTimer(this.timer);
    this.timer = null;
  }
}

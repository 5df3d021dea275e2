// A socket that is opened anew whenever it is lost.

const OPENING_MS = 20_000; // six round trips of three seconds
const STEADY_MS = 5000;
const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 4000;
const RETRY_MS = 30_000;
const LAST_CHANCE_MS = 500;

/**
 * `open(handlers)` gives something to `send(text)` on and to `close()`, and calls `handlers.opened()`,
 * `handlers.message(bytes)` and `handlers.closed()`; `on` hears of the same, whichever socket it is, and with `opened`
 * how many milliseconds that took.
 */
export class Connection {
  constructor({ open, now, setTimer, clearTimer, random = Math.random }, on) {
    Object.assign(this, { open, now, setTimer, clearTimer, random, on });
    this.attempt = null;
    this.spare = null; // opened beside a socket that is silent
    this.timer = null; // of the next attempt
    this.checking = null; // the timer of a check
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

  /**
   * Sends what the other end answers at once. Where nothing is heard for `patience` milliseconds, a second socket is
   * opened, and takes over unless the first one speaks after all: the server may only have stood still.
   */
  check(text, patience) {
    if (!this.isOpen || this.checking !== null) return;
    this.checking = this.setTimer(() => (this.spare = this.begin()), patience);
    this.send(text);
  }

  /** Gives up an open socket. */
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
    this.attempt = this.begin();
  }

  begin() {
    const attempt = { socket: null, isOpen: false, beganAt: this.now(), heardAt: 0 };
    attempt.timer = this.setTimer(() => this.lost(attempt), OPENING_MS);
    try {
      attempt.socket = this.open({
        opened: () => this.opened(attempt),
        message: (bytes) => this.heard(attempt, bytes),
        closed: () => this.lost(attempt),
      });
    } catch {
      this.clearTimer(attempt.timer); // the browser itself forbids it
      attempt.timer = this.setTimer(() => this.lost(attempt), 0);
    }
    return attempt;
  }

  opened(attempt) {
    if (attempt !== this.attempt && attempt !== this.spare) return;
    this.clearTimer(attempt.timer);
    attempt.isOpen = this.hasBeenOpen = true;
    attempt.openedAt = attempt.heardAt = this.now();
    this.refusals = 0;
    if (attempt === this.attempt) this.on.opened(attempt.openedAt - attempt.beganAt);
    else attempt.timer = this.setTimer(() => this.takeOver(), LAST_CHANCE_MS);
  }

  heard(attempt, bytes) {
    attempt.heardAt = this.now();
    this.tries = 0;
    if (attempt === this.attempt) this.endCheck();
    this.on.message(bytes);
  }

  /** The second socket takes the place of the first. */
  takeOver() {
    const { spare } = this;
    this.spare = null;
    if (spare.isOpen) this.clearTimer(spare.timer);
    this.drop();
    this.attempt = spare;
    if (spare.isOpen) this.on.opened(spare.openedAt - spare.beganAt);
    else this.on.closed();
  }

  lost(attempt) {
    if (attempt !== this.attempt && attempt !== this.spare) return;
    if (attempt === this.attempt && this.spare) return this.takeOver();
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
    if (this.timer !== null) this.clearTimer(this.timer);
    this.endCheck();
    this.end(this.attempt);
    this.timer = this.attempt = null;
  }

  /** The open socket has spoken: no other one is needed. */
  endCheck() {
    if (this.checking !== null) this.clearTimer(this.checking);
    this.end(this.spare);
    this.checking = this.spare = null;
  }

  end(attempt) {
    if (!attempt) return;
    this.clearTimer(attempt.timer);
    attempt.socket?.close();
  }
}

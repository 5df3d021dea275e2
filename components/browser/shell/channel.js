// The one line between a page's widgets and the server: events go out one at a time, messages come in for everyone.

const PATIENCE_MS = 1500;
const ADDRESS_MS = 60;
const ONCE = { released: false, walked: null, take: "" };

const channels = new Map();

/** The line of one page: every widget is told its page's name. */
export function channelOf(page) {
  if (!channels.has(page)) channels.set(page, new Channel());
  return channels.get(page);
}

/** Takes a message from the server to the widgets of its page, and returns that page's line; `send` leads back. */
export function receive(bytes, send) {
  const message = decode(bytes);
  const channel = channelOf(message.page);
  for (const [page, other] of channels) if (other !== channel && other.isLeft()) channels.delete(page);
  channel.sender = send;
  channel.receive(message);
  return channel;
}

class Channel {
  constructor() {
    this.listeners = new Set();
    this.statusListeners = new Set();
    this.answerListeners = new Set();
    this.isReleased = true;
    this.curves = new Map();
    this.latest = null;
    this.structure = null;
    this.inFlight = null;
    this.waiting = null;
    this.chosen = {};
    this.unanswered = 0;
    this.whole = false;
    this.lastNumber = Date.now();
    this.timer = null;
  }

  /**
   * Calls `listener(message, structure)` now, if there is something to show, and at every update that has the `part` it is
   * about (what is covered is left out); returns how to stop.
   */
  subscribe(listener, part = "page") {
    const hear = (message, structure) => message[part] !== undefined && listener(message, structure);
    this.listeners.add(hear);
    if (this.latest) hear(this.latest, this.structure);
    return () => this.listeners.delete(hear);
  }

  /** Calls `listener(unanswered)` when an answer is late (1, 2, ...) and when all is well again (0). */
  onStatus(listener) {
    this.statusListeners.add(listener);
    return () => this.statusListeners.delete(listener);
  }

  /** Whether its page is gone, so that nobody listens any more; an answer that is still awaited is then let go. */
  isLeft() {
    if (this.listeners.size) return false;
    this.stopWaiting();
    return true;
  }

  setSender(send) {
    this.sender = send;
    if (send && !this.inFlight) this.stopWaiting();
    this.pump();
  }

  setReviver(revive) {
    this.reviver = revive;
  }

  /** Sends what the visitor has set, together with all that was set before. Only the newest waits; none is ever lost. */
  submit(change) {
    this.chosen = { ...this.chosen, ...ONCE, ...change };
    this.waiting = this.chosen;
    this.isReleased = this.chosen.released;
    this.pump();
  }

  /** Has the address say all that was set so far, then calls `done`. */
  release(done) {
    if (!this.latest || (this.isReleased && !this.isAhead())) return done();
    if (!this.isReleased) this.submit({ released: true });
    const wait = this.onAnswer(() => {
      if (this.isAhead()) return;
      wait();
      setTimeout(done, ADDRESS_MS); // Streamlit writes the address just after the answer
    });
  }

  /** Calls `listener` after every message of this page; returns how to stop. */
  onAnswer(listener) {
    this.answerListeners.add(listener);
    return () => this.answerListeners.delete(listener);
  }

  /** Sends some of the page's values anew, the others as they stand. */
  change(values, released) {
    this.submit({ values: { ...(this.chosen.values ?? this.latest.inputs), ...values }, released });
  }

  /** Whether the visitor's own values are newer than the server's. */
  isAhead() {
    return this.inFlight !== null || this.waiting !== null;
  }

  /** Takes a message of this page; the next event leaves before anything is drawn. */
  receive(message) {
    if (message.static) this.structure = keepSame(this.structure ?? {}, message.static);
    this.latest = message;
    this.whole = !this.structure.curves || this.keepCurves(message);
    if (this.inFlight && message.seq === this.inFlight.seq) this.settle();
    else if (!this.isAhead()) this.chosen = { ...this.chosen, values: message.inputs, look: message.graph.look };
    this.pump();
    if (!this.whole) return this.isAhead() || this.submit({});
    for (const listener of [...this.listeners]) listener(message, this.structure);
    for (const listener of [...this.answerListeners]) listener();
  }

  /** Gives a message its curves: those that came with it, and those that the moved input leaves as they were. */
  keepCurves(message) {
    const { swept, stretches, rows, inputs } = message;
    const { names, points, other } = this.structure.curves;
    const others = (name) => JSON.stringify({ ...inputs, [name]: null });
    const row = (i) => rows.subarray(i * points, (i + 1) * points);
    const pair = (i) => ({ loss: row(2 * i), gradient: row(2 * i + 1) });
    swept.forEach((name, i) => {
      this.curves.set(name, { at: others(name), stretches: stretches[i], ...pair(i), other: other ? pair(swept.length + i) : null });
    });
    const isComplete = rows.length === 2 * points * swept.length * (other ? 2 : 1);
    message.rows = Object.fromEntries(this.curves);
    return isComplete && names.every((name) => this.curves.get(name)?.at === others(name));
  }

  /** Sends what waits; where there is no line (an answer that got lost took the sliders with it), it waits for one. */
  pump() {
    if (this.inFlight || !this.waiting) return;
    this.timer ??= setTimeout(() => this.giveUp(), PATIENCE_MS);
    if (!this.sender) return;
    const held = this.whole ? this.latest.inputs : null;
    this.inFlight = { ...this.waiting, seq: ++this.lastNumber, have: this.structure?.id ?? null, held };
    this.waiting = null;
    this.sender(this.inFlight);
  }

  stopWaiting() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  settle() {
    this.stopWaiting();
    this.inFlight = null;
    if (this.unanswered) this.report(0);
  }

  giveUp() {
    this.timer = null;
    this.waiting ??= this.inFlight;
    this.inFlight = null;
    this.report(this.unanswered + 1);
    if (this.unanswered > 1 && this.reviver) this.reviver(this.unanswered);
    setTimeout(() => this.pump(), this.unanswered > 1 ? PATIENCE_MS / 3 : 0);
  }

  report(count) {
    this.unanswered = count;
    for (const listener of this.statusListeners) listener(count);
  }
}

/** The new standing parts, each that says what the old one said being the old one: its widget need not draw again. */
function keepSame(old, fresh) {
  const same = (key) => JSON.stringify(old[key]) === JSON.stringify(fresh[key]);
  return Object.fromEntries(Object.keys(fresh).map((key) => [key, same(key) ? old[key] : fresh[key]]));
}

/** [uint32 length][JSON, padded to a multiple of 4][float32 ...], all little-endian. */
function decode(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const message = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length;
  message.rows = new Float32Array(bytes.buffer.slice(start, bytes.byteOffset + bytes.byteLength));
  return message;
}

// The line between a page and the server: what the visitor sets goes out as events, answers come in for every view.

import { Connection } from "./connection.js";
import { decode, Held } from "./message.js";
import { FramePace } from "./frame_pace.js";
import { RoundTrip } from "./round_trip.js";

const ONCE = ["released", "walked", "folding", "export", "guesses"];
const MOST_WAITING = 12;
const SILENT_MS = 10_000;
const MOST_MISSES = 5; // then an answer is waited for in vain, though the server speaks
const MOST_MISSES_ELSEWHERE = 2; // the other way cannot be asked

/**
 * Sends at most one event a frame, a bounded number under way; shows answers in order, each once. An event is
 * `{ state, once, seq }`: all that the visitor has chosen, what is asked for only once, and the number under which it
 * was sent last. It is sent again, under a new number, only where the socket that took it is lost, or the server says
 * that it has not arrived; whichever answer comes first counts.
 *
 * All surroundings are injected: `open(handlers)` as Connection takes it, `now()` in milliseconds since 1970,
 * `setTimer`, `clearTimer`, `nextFrame(callback)`, `query()` (the address's), `latency()` (milliseconds that the server
 * took to answer at the page's own request), and `fallback(event)`, the way where no socket opens.
 */
export class Line {
  constructor(surroundings) {
    const { now, setTimer, clearTimer, fallback, query = () => "", latency = () => 0 } = surroundings;
    Object.assign(this, { now, setTimer, clearTimer, fallback, query, latency });
    this.connection = new Connection(surroundings, {
      opened: (duration) => this.opened(duration),
      message: (bytes) => this.hear(decode(bytes)),
      closed: () => this.requeue(),
    });
    this.roundTrip = new RoundTrip(now, latency());
    this.pace = new FramePace(surroundings, {
      isLate: () => this.underWay.length > 0 && this.roundTrip.isWithinFrame,
      send: () => this.pump(),
    });
    this.held = new Held();
    this.listeners = new Set();
    this.statusListeners = new Set();
    this.releases = [];
    this.lastSeq = Math.floor(now()); // grows over reloads too
    this.misses = 0;
    this.page = null;
    this.timer = null;
    this.forget();
  }

  /** Whether the visitor has set something that no answer shows yet. */
  get isAhead() {
    return this.waiting.length > 0 || this.underWay.length > 0;
  }

  /** Calls `listener(message, structure)` now, if anything can be shown, and at every update; returns how to stop. */
  subscribe(listener) {
    this.listeners.add(listener);
    if (this.latest) listener(this.latest, this.structure);
    return () => this.listeners.delete(listener);
  }

  /** Calls `listener(misses)` when an answer is late (1, 2, ...) and when all is well (0); returns how to stop. */
  onStatus(listener) {
    this.statusListeners.add(listener);
    return () => this.statusListeners.delete(listener);
  }

  /** Sends what the visitor has chosen, together with all that was chosen before. */
  submit(change) {
    const isOnce = ([name]) => ONCE.includes(name);
    const entries = Object.entries(change);
    const lasting = Object.fromEntries(entries.filter((entry) => !isOnce(entry)));
    this.chosen = { ...this.chosen, settled: undefined, ...lasting };
    this.isReleased = Boolean(change.released);
    this.enqueue(Object.fromEntries(entries.filter((entry) => isOnce(entry) && entry[1])));
  }

  /** Sends some of the page's values anew, the others as they stand. */
  change(values, released) {
    this.submit({ values: { ...this.chosen.values, ...values }, released });
  }

  /** Asks for what the address says, instead of what was chosen: after Back or Forward. */
  readAddress() {
    const { values, graph_view, ...kept } = this.chosen;
    this.forget();
    this.chosen = kept;
    this.enqueue({});
  }

  /** Resolves when all that was chosen has been answered together with its address. */
  release() {
    if (!this.page) return Promise.resolve();
    if (!this.isReleased) this.submit({ released: true });
    return new Promise((resolve) => {
      this.releases.push(resolve);
      this.resolveReleases();
    });
  }

  /** Looks whether the line still stands: the network is back, or the machine has slept. */
  wake() {
    if (!this.page) return;
    this.connection.wake();
    if (this.connection.isOpen && this.connection.silence >= SILENT_MS) this.check();
  }

  /** The page is left: nothing is sent or shown until the next one's first message. */
  leave() {
    this.page = this.latest = this.structure = null;
    this.connection.stop();
    this.forget();
  }

  /** Takes what came with the page or by the fallback, a page's first message or an answer, and returns it decoded. */
  receive(bytes) {
    const message = decode(bytes);
    if (message.page === this.page) this.hear(message);
    else this.enter(message);
    return message;
  }

  enter(message) {
    this.page = message.page;
    this.latest = this.structure = null;
    this.forget();
    this.connection.start();
    this.held.keep(message);
    this.show(message, {}, null);
    if (message.seq !== 0) this.readAddress(); // the fallback's last event, sent before the page was left
  }

  /** Takes an answer; what was answered before, or is awaited no more, is not shown. */
  hear(message) {
    if (message.ping !== undefined) return this.resendLost(message);
    this.held.keep(message);
    const sent = this.sent.get(message.seq);
    if (!sent) return;
    this.roundTrip.add(this.now() - sent.at);
    this.settle(sent.event);
    this.show(message, sent.event.once, sent.base);
    if (this.isAhead) this.watch();
  }

  /** Forgets whatever was chosen, sent and awaited. */
  forget() {
    Object.assign(this, { chosen: {}, waiting: [], underWay: [], sent: new Map(), isReleased: true, isWhole: true });
    this.stopWatching();
    this.report(0);
    this.resolveReleases();
  }

  /** Lets the newest state wait; it takes the place of one that waits already, unless that one has to be answered. */
  enqueue(once) {
    const last = this.waiting.at(-1);
    const isReplaced = last && (!isKept(last) || this.waiting.length >= MOST_WAITING);
    if (isReplaced) this.waiting.pop();
    this.waiting.push({ state: this.chosen, once: isReplaced ? { ...last.once, ...once } : once });
    this.pump();
  }

  /** Lets what was under way wait again: what has to be answered, and the newest. */
  requeue() {
    const isNewest = (event) => event === this.underWay.at(-1) && this.waiting.length === 0;
    this.waiting = [...this.underWay.filter((event) => isKept(event) || isNewest(event)), ...this.waiting];
    this.underWay = [];
    this.pump();
  }

  /** Sends what waits, one event a frame. */
  pump() {
    if (!this.page || !this.waiting.length) return;
    this.watch();
    if (!this.pace.isOpen) return;
    const { connection } = this;
    if (connection.isOpen) this.transmit(this.roundTrip.limit, (event) => connection.send(JSON.stringify(event)));
    else if (this.usesFallback) this.transmit(1, this.fallback);
  }

  get usesFallback() {
    const { isRefused, hasBeenOpen } = this.connection;
    return Boolean(this.fallback) && (isRefused || (this.misses > 0 && !hasBeenOpen));
  }

  transmit(limit, send) {
    if (this.underWay.length >= limit) return;
    const event = this.waiting.shift();
    event.seq = this.lastSeq += 1;
    this.underWay.push(event);
    this.sent.set(event.seq, { event, at: this.now(), base: this.isWhole ? this.latest : null });
    this.pace.take();
    send({ page: this.page, seq: event.seq, query: this.query(), ...event.state, ...event.once, ...this.holding() });
  }

  /** What the browser holds already, so that it need not be sent again. */
  holding() {
    if (!this.isWhole || !this.latest) return { static_id: null, held: null };
    return { static_id: this.latest.static_id, held: this.latest.values };
  }

  /** An answer settles its event and all older ones; what those asked for only once is asked again. */
  settle(event) {
    const isNewer = (other) => !(other.seq <= event.seq); // what has no number was never sent
    const overtaken = [...this.underWay, ...this.waiting].filter((other) => !isNewer(other) && other !== event);
    this.underWay = this.underWay.filter(isNewer);
    this.waiting = this.waiting.filter(isNewer);
    for (const [seq, sent] of this.sent) if (!isNewer(sent.event)) this.sent.delete(seq);
    this.stopWatching();
    this.report(0);
    const once = Object.assign({}, ...overtaken.map((other) => other.once));
    if (isKept({ once })) this.enqueue(once);
  }

  /**
   * Hands a message to the views, complete; `base` is the message that its event said the browser holds. Where
   * something is missing, all of it is asked for anew, once, and with it what this message was asked for only once.
   */
  show(message, once, base) {
    const structure = this.held.complete(message, base);
    const wasWhole = this.isWhole;
    this.isWhole = structure !== null;
    if (!structure) return (wasWhole || (this.isAhead && isKept({ once }))) && this.enqueue(once);
    Object.assign(this, { latest: message, structure });
    if (!this.isAhead) this.adopt(message);
    this.pump();
    for (const listener of [...this.listeners]) attempt(() => listener(message, structure));
    this.resolveReleases();
  }

  /** The server's own spelling of what was chosen. */
  adopt({ values, graph }) {
    this.chosen = { ...this.chosen, values };
    if (graph) this.chosen.graph_view = graph.view;
  }

  resolveReleases() {
    if (this.isAhead || !this.isReleased) return;
    for (const resolve of this.releases.splice(0)) resolve();
  }

  /** The socket stands, `duration` ms after it was asked for: events that were on another way go again. */
  opened(duration) {
    this.roundTrip.reset(duration);
    this.misses = Math.min(this.misses, 1);
    this.stopWatching();
    this.requeue();
  }

  watch() {
    this.timer ??= this.setTimer(() => this.miss(), this.roundTrip.patience(this.misses));
  }

  stopWatching() {
    if (this.timer !== null) this.clearTimer(this.timer);
    this.timer = null;
  }

  /** No answer in time: the socket is checked; on the other way, or after a long time, what is under way goes again. */
  miss() {
    this.timer = null;
    this.report(this.misses + 1);
    const { isOpen } = this.connection;
    if (this.misses > (isOpen ? MOST_MISSES : MOST_MISSES_ELSEWHERE)) this.startAgain();
    else this.check();
    this.pump();
    this.watch();
  }

  startAgain() {
    if (this.connection.isOpen) this.connection.reopen();
    this.requeue();
  }

  /** Asks whether the socket stands, and whether what was sent on it has arrived. */
  check() {
    this.connection.check(JSON.stringify({ ping: this.lastSeq }), this.roundTrip.patience(0));
  }

  /** The server has been asked; what was sent before, and has not arrived, goes again. */
  resendLost({ ping, received }) {
    if (this.underWay.some(({ seq }) => received < seq && seq <= ping)) this.requeue();
  }

  report(misses) {
    const isNew = misses !== this.misses;
    this.misses = misses;
    if (isNew) for (const listener of [...this.statusListeners]) attempt(() => listener(misses));
  }
}

function isKept({ once }) {
  return Object.keys(once).length > 0;
}

/** What goes wrong in one view is reported, and stops neither the others nor the line. */
function attempt(act) {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

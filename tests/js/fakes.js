// A world without a browser: its clock, its frames, and a server at the other end of a socket.

import { Line } from "../../components/browser/shell/live.js";

export const FRAME_MS = 1000 / 60;
const ONCE = ["released", "walked", "export", "guesses"];

/** A message as the server packs it: `arrays` are lists of numbers by name. */
export function encode({ arrays = {}, ...message }) {
  const lengths = Object.entries(arrays).map(([name, row]) => [name, row.length]);
  const json = new TextEncoder().encode(JSON.stringify({ ...message, arrays: lengths }));
  const length = Math.ceil(json.length / 4) * 4;
  const rows = new Uint8Array(new Float32Array(Object.values(arrays).flat()).buffer);
  const bytes = new Uint8Array(4 + length + rows.length).fill(32, 4);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(json, 4);
  bytes.set(rows, 4 + length);
  return bytes;
}

/** Time that passes only when it is told to; timers and frames run in their order. */
export class Clock {
  constructor(time = 1_000_000) {
    Object.assign(this, { time, tasks: [], lastId: 0, hasFrames: true });
  }

  setTimer(callback, delay) {
    const id = ++this.lastId;
    this.tasks.push({ id, at: this.time + delay, callback });
    return id;
  }

  clearTimer(id) {
    this.tasks = this.tasks.filter((task) => task.id !== id);
  }

  /** The next whole frame; a hidden tab has none. */
  nextFrame(callback) {
    const next = (Math.floor(this.time / FRAME_MS + 1e-6) + 1) * FRAME_MS;
    if (this.hasFrames) this.setTimer(callback, next - this.time);
  }

  pass(duration) {
    const end = this.time + duration;
    for (let next = this.next(end); next; next = this.next(end)) {
      this.clearTimer(next.id);
      this.time = next.at;
      next.callback();
    }
    this.time = end;
  }

  next(end) {
    const due = this.tasks.filter((task) => task.at <= end);
    return due.sort((a, b) => a.at - b.at || a.id - b.id)[0];
  }
}

/**
 * Answers events after `delay` each way and `work` for each, only the newest of a socket; what asks for something once
 * is not overtaken. `mode`: "up", "refusing" (nothing opens), "silent" (it opens, and nothing is ever answered).
 * `isShared`: one worker for all sockets. Until `standsUntil` it reads nothing, and opens nothing.
 */
export class Server {
  constructor(clock, { delay = 0, work = 0, say = () => ({}), isShared = false } = {}) {
    Object.assign(this, { clock, delay, work, say, isShared, mode: "up", sockets: [], events: [], attempts: [] });
    Object.assign(this, { standsUntil: 0, freeAt: 0, pings: [] });
    this.loses = () => false;
  }

  get socket() {
    return this.sockets.at(-1);
  }

  open(handlers) {
    this.attempts.push(this.clock.time);
    const socket = { handlers, queue: [], received: -1, isBusy: false, isClosed: false };
    socket.isSilent = this.mode === "silent";
    const refuses = this.mode === "refusing";
    if (!refuses) this.sockets.push(socket);
    this.clock.setTimer(() => this.opened(socket, refuses), 2 * this.delay);
    return { send: (text) => this.take(socket, JSON.parse(text)), close: () => this.close(socket) };
  }

  close(socket) {
    socket.isClosed = true;
    this.clock.setTimer(() => socket.handlers.closed(), 0);
  }

  opened(socket, refuses) {
    if (this.stands(() => this.opened(socket, refuses)) || socket.isClosed) return;
    if (refuses || this.mode === "refusing") socket.handlers.closed();
    else socket.handlers.opened();
  }

  /** Whether the server stands still; then `act` is done when it goes on. */
  stands(act) {
    const { clock, standsUntil } = this;
    return clock.time < standsUntil && Boolean(clock.setTimer(act, standsUntil - clock.time));
  }

  take(socket, event) {
    if (socket.isClosed) return;
    const sent = event.ping === undefined ? this.events : this.pings;
    sent.push({ ...event, at: this.clock.time });
    this.clock.setTimer(() => this.arrive(socket, event), this.delay);
  }

  arrive(socket, event) {
    if (this.stands(() => this.arrive(socket, event))) return;
    if (socket.isClosed || socket.isSilent || this.loses(event)) return;
    if (event.ping !== undefined) return this.tell(socket, { ping: event.ping, received: socket.received });
    socket.received = event.seq;
    const last = socket.queue.at(-1);
    if (last && !ONCE.some((name) => last[name])) socket.queue.pop();
    socket.queue.push(event);
    this.next(socket);
  }

  next(socket) {
    if (socket.isBusy || !socket.queue.length) return;
    const event = socket.queue.shift();
    socket.isBusy = true;
    this.clock.setTimer(() => {
      socket.isBusy = false;
      this.tell(socket, this.answer(event));
      this.next(socket);
    }, this.turn());
  }

  /** Milliseconds until an event that begins to be answered now has been. */
  turn() {
    const { time } = this.clock;
    if (!this.isShared) return this.work;
    this.freeAt = Math.max(this.freeAt, time) + this.work;
    return this.freeAt - time;
  }

  tell(socket, message) {
    if (socket.isClosed || socket.isSilent) return;
    const bytes = encode(message);
    this.clock.setTimer(() => socket.isClosed || socket.handlers.message(bytes), this.delay);
  }

  /** A message as the real one says it. */
  answer(event) {
    const values = { x: 6.7, w: 1, b: 0, ...event.values };
    const graph = { view: event.graph_view ?? {} };
    const known = { page: event.page, seq: event.seq, values, static_id: "s1", graph };
    if (event.static_id !== "s1") known.static = { controls: ["x", "w", "b"] };
    if (event.released) known.address = { w: String(values.w) };
    if (event.export) known.exported = event.export;
    return { ...known, ...this.say(event, values) };
  }

  /** Every socket is cut, and new ones are dealt with as `mode` says. */
  cut(mode = this.mode) {
    this.mode = mode;
    for (const socket of this.sockets.splice(0)) if (!socket.isClosed) this.close(socket);
  }
}

/** A page that has just been opened at a server: its line, and all that was shown and reported. */
export function visit(options = {}) {
  const clock = options.clock ?? new Clock();
  const server = options.server ?? new Server(clock, options);
  const fallbackEvents = [];
  const line = new Line({
    open: (handlers) => server.open(handlers),
    now: () => clock.time,
    setTimer: (callback, delay) => clock.setTimer(callback, delay),
    clearTimer: (id) => clock.clearTimer(id),
    nextFrame: (callback) => clock.nextFrame(callback),
    random: () => 1,
    query: () => "?w=1",
    latency: () => options.latency ?? 0,
    fallback: (event) => fallbackEvents.push(event),
  });
  const [shown, statuses] = [[], []];
  line.subscribe((message, structure) => shown.push({ ...message, structure, isAhead: line.isAhead, at: clock.time }));
  line.onStatus((misses) => statuses.push(misses));
  const first = options.first ?? server.answer({ page: "neuron", seq: 0 });
  if (options.isOpened !== false) line.receive(encode(first));
  return { clock, server, line, shown, statuses, fallbackEvents, values: () => shown.map(({ values }) => values.w) };
}

/** Drags w from 0 to `to` in hundredths, `every` so many milliseconds, without letting go. */
export function drag({ clock, line }, to, every = FRAME_MS) {
  for (let w = 0; w <= to; w += 1) {
    line.change({ w: w / 100 }, false);
    clock.pass(every);
  }
}

export function isAscending(numbers) {
  return numbers.every((number, i) => i === 0 || number > numbers[i - 1]);
}

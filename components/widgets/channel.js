// The one line between a page's widgets and the server: events go out one at a time, messages come in for everyone.

const PATIENCE_MS = 1500;
const ONCE = { released: false, walked: null, take: "" };

const listeners = new Set();
const statusListeners = new Set();
const curves = new Map();
let latest = null;
let structure = null;
let sender = null;
let reviver = null;
let inFlight = null;
let waiting = null;
let chosen = {};
let timer = 0;
let unanswered = 0;
let whole = false;
let lastNumber = Date.now();

/** Calls `listener(message, structure)` now, if there is something to show, and at every update; returns how to stop. */
export function subscribe(listener) {
  listeners.add(listener);
  if (latest) listener(latest, structure);
  return () => listeners.delete(listener);
}

/** Calls `listener(unanswered)` when an answer is late (1, 2, ...) and when all is well again (0). */
export function onStatus(listener) {
  statusListeners.add(listener);
  return () => statusListeners.delete(listener);
}

export function setSender(send) {
  sender = send;
  pump();
}

export function setReviver(revive) {
  reviver = revive;
}

/** Sends what the visitor has set, together with all that was set before. Only the newest waits; none is ever lost. */
export function submit(change) {
  chosen = { ...chosen, ...ONCE, ...change };
  waiting = chosen;
  pump();
}

/** Whether the visitor's own values are newer than the server's. */
export function isAhead() {
  return inFlight !== null || waiting !== null;
}

/** Takes a message from the server; the next event leaves before anything is drawn. */
export function receive(bytes) {
  const message = decode(bytes);
  if (message.static) structure = keepSame(structure ?? {}, message.static);
  latest = message;
  whole = keepCurves(message);
  if (inFlight && message.seq === inFlight.seq) settle();
  else if (!inFlight && !waiting) chosen = { ...chosen, values: message.inputs, look: message.graph.look };
  pump();
  if (!whole) return isAhead() || submit({});
  for (const listener of [...listeners]) listener(message, structure);
}

/** Gives a message its curves: those that came with it, and those that the moved input leaves as they were. */
function keepCurves(message) {
  const { swept, stretches, rows, inputs } = message;
  const { names, points, other } = structure.curves;
  const others = (name) => JSON.stringify({ ...inputs, [name]: null });
  const row = (i) => rows.subarray(i * points, (i + 1) * points);
  const pair = (i) => ({ loss: row(2 * i), gradient: row(2 * i + 1) });
  swept.forEach((name, i) => {
    curves.set(name, { at: others(name), stretches: stretches[i], ...pair(i), other: other ? pair(swept.length + i) : null });
  });
  const isComplete = rows.length === 2 * points * swept.length * (other ? 2 : 1);
  message.rows = Object.fromEntries(curves);
  return isComplete && names.every((name) => curves.get(name)?.at === others(name));
}

/** The new standing parts, each that says what the old one said being the old one: its widget need not draw again. */
function keepSame(old, fresh) {
  const same = (key) => JSON.stringify(old[key]) === JSON.stringify(fresh[key]);
  return Object.fromEntries(Object.keys(fresh).map((key) => [key, same(key) ? old[key] : fresh[key]]));
}

function pump() {
  if (inFlight || !waiting || !sender) return;
  inFlight = { ...waiting, seq: ++lastNumber, have: structure?.id ?? null, held: whole ? latest.inputs : null };
  waiting = null;
  timer = setTimeout(giveUp, PATIENCE_MS);
  sender(inFlight);
}

function settle() {
  clearTimeout(timer);
  inFlight = null;
  if (unanswered) report(0);
}

function giveUp() {
  waiting ??= inFlight;
  inFlight = null;
  report(unanswered + 1);
  if (unanswered > 1 && reviver) reviver(unanswered);
  setTimeout(pump, unanswered > 1 ? PATIENCE_MS / 3 : 0);
}

function report(count) {
  unanswered = count;
  for (const listener of statusListeners) listener(count);
}

/** [uint32 length][JSON, padded to a multiple of 4][float32 ...], all little-endian. */
function decode(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const message = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length;
  message.rows = new Float32Array(bytes.buffer.slice(start, bytes.byteOffset + bytes.byteLength));
  return message;
}

// An answer as it comes over the wire, and what the browser holds of earlier ones to make it whole.

const MOST_STATICS = 8;

/** [uint32 length][JSON, padded to a multiple of 4][float32 ...], little-endian; `arrays`: Float32Arrays by name. */
export function decode(bytes) {
  const { buffer, byteOffset, byteLength } = bytes;
  const length = new DataView(buffer, byteOffset).getUint32(0, true);
  const message = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const numbers = new Float32Array(buffer.slice(byteOffset + 4 + length, byteOffset + byteLength));
  const arrays = {};
  let start = 0;
  for (const [name, count] of message.arrays ?? []) arrays[name] = numbers.subarray(start, (start += count));
  return Object.assign(message, { arrays });
}

/** The static parts that came with the newest messages. */
export class Held {
  constructor() {
    this.statics = new Map();
    this.newest = {};
  }

  /** Keeps a message's static part; each entry that says what the newest one's says is the same object. */
  keep({ static_id: id, static: fresh }) {
    if (!fresh || this.statics.has(id)) return;
    const same = (name) => isSame(this.newest[name], fresh[name]);
    const entries = Object.keys(fresh).map((name) => [name, same(name) ? this.newest[name] : fresh[name]]);
    this.newest = Object.fromEntries(entries);
    remember(this.statics, id, this.newest, MOST_STATICS);
  }

  /** The static part that a message belongs to, its arrays filled in from `base`; null where something is missing. */
  complete(message, base = null) {
    const structure = this.statics.get(message.static_id);
    if (!structure) return null;
    this.newest = structure;
    remember(this.statics, message.static_id, structure, MOST_STATICS);
    const isWhole = takeKept(message, base) && (!message.swept || fill(message, structure, base));
    return isWhole ? structure : null;
  }
}

/** Gives a message the arrays of `base` that its server has left out, by name. */
function takeKept({ arrays, kept = [] }, base) {
  return kept.every((name) => {
    arrays[name] = base?.arrays[name];
    return arrays[name] !== undefined;
  });
}

/** Gives a message the arrays that its server left out: those against inputs that are as they were in `base`. */
function fill({ arrays, swept }, { curves }, base) {
  const kept = (curves?.names ?? []).filter((name) => !swept.includes(name));
  return kept.every((name) => {
    const own = Object.entries(base?.arrays ?? {}).filter(([array]) => array.startsWith(`${name}.`));
    Object.assign(arrays, Object.fromEntries(own));
    return own.length > 0;
  });
}

/** Whether two values of JSON say the same; a drawing of megabytes mostly differs at its first entry. */
function isSame(one, other) {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return one === other;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return Array.isArray(one) === Array.isArray(other) && names.length === others.length
    && names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]));
}

/** Sets an entry of a map as its newest; the oldest go. */
function remember(map, key, value, most) {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value);
}

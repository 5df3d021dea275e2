// An answer as it comes over the wire, and what the browser holds of earlier ones to make it whole.

const MOST_STATICS = 8;
const MOST_SWEPT = 64;

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

/** The static parts and the swept arrays that came with the newest messages. */
export class Held {
  constructor() {
    this.statics = new Map();
    this.swept = new Map();
    this.newest = {};
  }

  /** Keeps a message's static part; each entry that says what the newest one's says is the same object. */
  keep({ static_id: id, static: fresh }) {
    if (!fresh || this.statics.has(id)) return;
    const same = (name) => JSON.stringify(this.newest[name]) === JSON.stringify(fresh[name]);
    const entries = Object.keys(fresh).map((name) => [name, same(name) ? this.newest[name] : fresh[name]]);
    this.newest = Object.fromEntries(entries);
    remember(this.statics, id, this.newest, MOST_STATICS);
  }

  /** The static part that a message belongs to, all its arrays filled in; null where something is missing. */
  complete(message) {
    const structure = this.statics.get(message.static_id);
    if (!structure) return null;
    this.newest = structure;
    remember(this.statics, message.static_id, structure, MOST_STATICS);
    return message.swept && !this.fill(message, structure) ? null : structure;
  }

  /** Arrays against an input belong to all values but that input's own. */
  fill(message, { curves }) {
    const key = (name) => `${message.page} ${name} ${JSON.stringify({ ...message.values, [name]: null })}`;
    for (const name of message.swept) {
      const own = Object.entries(message.arrays).filter(([array]) => array.startsWith(`${name}.`));
      remember(this.swept, key(name), Object.fromEntries(own), MOST_SWEPT);
    }
    const needed = (curves?.names ?? message.swept).map((name) => this.swept.get(key(name)));
    Object.assign(message.arrays, ...needed);
    return needed.every(Boolean);
  }
}

/** Sets an entry of a map as its newest; the oldest go. */
function remember(map, key, value, most) {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value);
}

// A file on its way to the server, and what a recording says of itself.

const LARGEST_BYTES = 4_000_000;
const TOO_LARGE = `This file is too large: ${LARGEST_BYTES / 1e6} MB are the most.`;
const REFUSALS = { 413: TOO_LARGE, 503: "The server is busy: try again in a moment." };
const MOST_KEPT = 2; // files
const LOST = "The file has not arrived: try again.";

/** What was sent and is too large for a link, by the name under which the server has it: the newest ones. */
export const kept = new Map();

/**
 * What the server says of a file: `{ graph }`, `{ file }` or `{ refused }`. Without the cookie by which a proxy keeps a
 * visitor at one replica, `isForAny` of them.
 */
export async function send(address, data, isForAny = false) {
  if (data.size > LARGEST_BYTES) return { refused: TOO_LARGE };
  try {
    const credentials = isForAny ? "omit" : "same-origin";
    const request = { method: "POST", credentials, body: await data.arrayBuffer() };
    const answer = await fetch(address.resolve("files/open"), request);
    const said = answer.ok ? await answer.json() : { refused: REFUSALS[answer.status] ?? LOST };
    if (said.file) keep(said.file, data);
    return said;
  } catch {
    return { refused: LOST };
  }
}

function keep(name, data) {
  kept.delete(name);
  kept.set(name, data);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
}

/** How much there is in a recording, and what was too much for it. */
export function countsOf({ torch, passes, nodes, left_out: leftOut }) {
  const sizes = [counted(passes, "backward pass", "backward passes"), counted(nodes, "node", "nodes")];
  const origin = torch ? `PyTorch ${torch}` : "saved by this app";
  return [origin, ...sizes, ...(leftOut ? [`${leftOut} larger ones not recorded`] : [])].join(" · ");
}

function counted(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

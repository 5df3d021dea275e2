// A file on its way to the server, and what a recording says of itself.

const LARGEST_BYTES = 4_000_000;
const TOO_LARGE = `This file is too large: ${LARGEST_BYTES / 1e6} MB are the most.`;
const REFUSALS = { 413: TOO_LARGE, 503: "The server is busy: try again in a moment." };
const LOST = "The file has not arrived: try again.";

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
    return answer.ok ? await answer.json() : { refused: REFUSALS[answer.status] ?? LOST };
  } catch {
    return { refused: LOST };
  }
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

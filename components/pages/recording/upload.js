// A file on its way to the server, and what a recording says of itself.

import { sendFile } from "../../browser/shell/send_file.js";

const MOST_KEPT = 2; // files

/** What was sent and is too large for a link, by the name under which the server has it: the newest ones. */
export const kept = new Map();

/**
 * What the server says of a file: `{ graph }`, `{ file }` or `{ refused }`. Without the cookie by which a proxy keeps a
 * visitor at one replica, `isForAny` of them.
 */
export async function send(address, data, isForAny = false) {
  const said = await sendFile(address, "open", data, isForAny ? "omit" : "same-origin");
  if (said.file) keep(said.file, data);
  return said;
}

/** Keeps a file that the server has, to send it again. */
export function keep(name, data) {
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

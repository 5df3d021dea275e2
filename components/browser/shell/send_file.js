// A file on its way to a page of the server.

const LARGEST_BYTES = 4_000_000;
const TOO_LARGE = `This file is too large: ${LARGEST_BYTES / 1e6} MB are the most.`;
const REFUSALS = { 413: TOO_LARGE, 503: "The server is busy: try again in a moment." };
const LOST = "The file has not arrived: try again.";

/** What the server's page at `path` says of a file: an object; `{ refused }` where it has not taken it. */
export async function sendFile(address, path, data, credentials = "same-origin") {
  if (data.size > LARGEST_BYTES) return { refused: TOO_LARGE };
  try {
    const request = { method: "POST", credentials, body: await data.arrayBuffer() };
    const answer = await fetch(address.resolve(`files/${path}`), request);
    return answer.ok ? await answer.json() : { refused: REFUSALS[answer.status] ?? LOST };
  } catch {
    return { refused: LOST };
  }
}

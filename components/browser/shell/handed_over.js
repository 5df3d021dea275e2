// What one page hands over to the next: a file that was dropped on the one and is opened by the other.

const PLACES = [[/\.(?:py|ipynb|txt)$/i, "playground"], [/\.json$/i, "open"]];

let waiting = null;

/** The path of the page that opens files of this name; null where the name does not tell. */
export function pageFor(name) {
  return PLACES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Goes to the page at a path, which takes over what it is handed. */
export function handOver(address, path, value) {
  waiting = { path, value };
  address.go(path);
}

/** What was handed over to the page at this path; null where there is nothing (any more). */
export function takeOver(path) {
  const value = waiting?.path === path ? waiting.value : null;
  waiting = null;
  return value;
}

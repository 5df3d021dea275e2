import { element } from "./dom.js";

const KEPT_MS = 60_000;

/** Hands the visitor a file. */
export function save(blobOrText, name, type) {
  const href = URL.createObjectURL(new Blob([blobOrText], { type }));
  const link = element("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}

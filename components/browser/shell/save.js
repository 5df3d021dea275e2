/** Hands the visitor a file. */
export function save(blobOrText, name, type) {
  const href = URL.createObjectURL(new Blob([blobOrText], { type }));
  const link = Object.assign(document.createElement("a"), { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

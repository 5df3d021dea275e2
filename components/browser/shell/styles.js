// Loads a widget's style sheet once, beside its script.

const loaded = new Map();

/** Resolves when the sheet at `address` (relative to `script`, an import.meta.url) is in force. */
export function styles(address, script) {
  const href = new URL(address, script).href;
  if (!loaded.has(href)) loaded.set(href, insert(href));
  return loaded.get(href);
}

function insert(href) {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = link.onerror = () => resolve();
    document.head.append(link);
  });
}

// The style sheet of all pages. The document's head names it, unless the document is older or newer than this script.

import { element } from "./dom.js";
import { followTypeSize } from "./type_size.js";

const ADDRESS = new URL("../../app.css", import.meta.url).href;

/** Resolves when the sheet is in force, in the size of type that is chosen. */
export async function loadStyles() {
  await fetched();
  const sheet = [...document.styleSheets].find(({ href }) => href === ADDRESS);
  if (sheet) followTypeSize(sheet);
}

function fetched() {
  const links = [...document.head.querySelectorAll("link[rel=stylesheet]")];
  if (links.some(({ href, sheet }) => href === ADDRESS && sheet)) return Promise.resolve();
  return new Promise((resolve) => {
    document.head.append(element("link", { rel: "stylesheet", href: ADDRESS, onload: resolve, onerror: resolve }));
  });
}

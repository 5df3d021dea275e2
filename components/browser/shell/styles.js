// The style sheets: the general ones, and one for each page, in its folder.

import { element } from "./dom.js";

const GENERAL = [
  "shell/streamlit.css",
  "shell/page.css",
  "controls/controls.css",
  "readouts/readouts.css",
  "graph/graph_view.css",
  "inspector/inspector.css",
  "figure/plots.css",
  "cells/cells.css",
  "script/take_home.css",
  "classroom/classroom.css",
  "classroom/predict.css",
  "classroom/tour.css",
  "classroom/projector.css",
  "classroom/embedded.css",
];

const loaded = new Map();

/** Resolves when the sheets of all pages are in force. */
export function loadGeneralStyles() {
  return Promise.all(GENERAL.map((name) => load(`../${name}`)));
}

/** Resolves when the sheet of a page is. */
export function loadPageStyles(page) {
  return load(`../../pages/${page}/page.css`);
}

function load(address) {
  const href = new URL(address, import.meta.url).href;
  if (!loaded.has(href)) loaded.set(href, insert(href));
  return loaded.get(href);
}

function insert(href) {
  return new Promise((resolve) => {
    document.head.append(element("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
  });
}

import { element } from "../shell/dom.js";

let loading = null;

/** Plotly, fetched once for all figures; a failed attempt can be repeated. */
export function loadPlotly() {
  loading ??= window.Plotly ? Promise.resolve(window.Plotly) : insert();
  return loading;
}

function insert() {
  return new Promise((resolve, reject) => {
    document.head.append(element("script", {
      src: new URL("../../plotly.js", import.meta.url).href,
      onload: () => resolve(window.Plotly),
      onerror: () => {
        loading = null;
        reject(new Error("Plotly could not be loaded."));
      },
    }));
  });
}

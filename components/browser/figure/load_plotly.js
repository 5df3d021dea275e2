let loading = null;

/** Plotly, fetched once for all widgets; a failed attempt can be repeated. */
export function loadPlotly() {
  loading ??= window.Plotly ? Promise.resolve(window.Plotly) : insert();
  return loading;
}

function insert() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("plotly.js", import.meta.url).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject((loading = null));
    document.head.append(script);
  });
}

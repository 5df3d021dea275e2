// A printed page: its figures, which are drawn for the screen, made as small as the paper is narrow.

const PAPER_PX = 680;

/** Calls for it before each print, until `signal` aborts. */
export function fitToPaper(signal) {
  addEventListener("beforeprint", () => document.querySelectorAll(".js-plotly-plot").forEach(fit), { signal });
}

function fit(plot) {
  plot.style.setProperty("--paper-zoom", Math.min(1, PAPER_PX / plot.offsetWidth));
}

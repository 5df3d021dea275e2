// A printed page: its figures, which are drawn for the screen, made as small as the paper is narrow.

const PAPER_PX = 630;
const FIGURES = ".curves-view .stage, .plots .plot";

/** Calls for it before each print, until `signal` aborts. */
export function fitToPaper(signal) {
  addEventListener("beforeprint", () => document.querySelectorAll(FIGURES).forEach(fit), { signal });
}

function fit(figure) {
  figure.style.setProperty("--paper-zoom", Math.min(1, PAPER_PX / figure.offsetWidth));
}

// What keeps the page from starting: files that are gone or do not arrive, and a network that blocks WebSockets. What
// can be mended is, by one reload; else one sentence says what is wrong.

const KEY = "autograd-explorer:reloaded";
const VERSION = "{version}";
const MISSING = "A part of this page did not arrive. Reload the page.";
const LOOK_MS = 1000;
const OPENING_MS = 5000;

/** Legible without the page's own style sheet, which may be what is missing. */
const STYLE = `position: fixed; inset: 1rem 1rem auto; z-index: 1000; box-sizing: border-box; width: fit-content;
  max-width: 44rem; margin: auto; padding: 0.9rem 1.2rem; border: 2px solid; border-radius: 12px;
  overflow-wrap: anywhere; font: 1.05rem/1.5 "Source Sans", sans-serif; color: CanvasText; background: Canvas;`;

const place = document.createElement("div");
place.setAttribute("role", "alert");
place.style.cssText = STYLE;

const say = (sentence) => {
  place.textContent = sentence;
  if (sentence) document.body.append(place);
  else place.remove();
};

// A page that was opened, or kept, before an upgrade may name files that are gone: then it is loaded anew, once.

let recovery = null;    // one for however many files are missed

const wasReloaded = () => {
  try {
    if (sessionStorage.getItem(KEY) === VERSION) return true;
    sessionStorage.setItem(KEY, VERSION);
    return false;
  } catch {
    return true;        // nothing can be kept: it might be reloaded for ever
  }
};

const missing = new Set(); // addresses of what the page cannot do without

const sayMissing = () => {
  if (!missing.size) return;
  document.documentElement.classList.add("incomplete"); // instead of what Streamlit's page says
  say(MISSING);
};

const recover = async () => {
  const { ok } = await fetch(location.href, { cache: "no-store" }); // where the network is gone, the page stays
  if (ok && !wasReloaded()) location.reload();
  else sayMissing();
};

const recoverOnce = (address) => {
  if (address) missing.add(address);
  recovery ??= recover().catch(sayMissing).finally(() => { recovery = null; });
};

/** The address of a file of ours: a script, or what the page names in its head. */
const addressOf = (target) => {
  const isFile = target instanceof HTMLScriptElement || target instanceof HTMLLinkElement;
  const address = isFile ? target.src ?? target.href : "";
  return address.startsWith(location.origin) ? address : "";
};

/** What is only fetched ahead is asked for again where it is needed, and the app's own scripts by who needs them. */
const isNeeded = (target) => target.rel === "stylesheet" || target.src?.includes("/static/");

addEventListener("vite:preloadError", () => recoverOnce("a part of Streamlit's page"));
addEventListener("{missing}", () => {
  missing.add("the app's own script, asked for in vain several times");
  sayMissing();
});
addEventListener("error", ({ target }) => {
  const address = addressOf(target);
  if (address) recoverOnce(isNeeded(target) && address);
}, true);
addEventListener("load", ({ target }) => {
  if (missing.delete(addressOf(target)) && !missing.size) say("");
}, true);

// Streamlit's page waits for its WebSocket in silence, where the network blocks it for ever.

let first = null;       // when Streamlit first asked for its socket
let hasOpened = false;
let isTold = false;

window.WebSocket = class extends WebSocket {
  constructor(...options) {
    super(...options);
    if (!this.url.endsWith("/_stcore/stream")) return;
    first ??= performance.now();
    this.addEventListener("open", () => { hasOpened = true; });
  }
};

const isBlocked = async () => {
  const [page] = performance.getEntriesByType("navigation");
  const slow = page ? 4 * (page.responseStart - page.requestStart) : 0;
  if (first === null || performance.now() - first < Math.max(OPENING_MS, slow)) return false;
  const { ok } = await fetch(`${window.__streamlit.BACKEND_BASE_URL}/_stcore/health`, { cache: "no-store" });
  return ok;
};

const sayBlocked = () => {
  const base = window.__streamlit.BACKEND_BASE_URL.replace(/^http/, "ws");
  const wanted = `${base}/_stcore/stream and ${base}/live`;
  say(`This network blocks WebSockets, without which the page cannot start: it has to let ${wanted} through.`);
  isTold = true;
};

const look = async () => {
  if (hasOpened) return isTold && say("");
  if (await isBlocked().catch(() => false)) sayBlocked();
  setTimeout(look, LOOK_MS);
};
setTimeout(look, LOOK_MS);

// A page that was opened, or kept, before an upgrade may name files that are gone: then it is loaded anew, once.

const KEY = "autograd-explorer:reloaded";
const VERSION = "{version}";

let recovery = null;    // one for however many files are missed

const recover = async () => {
  if (sessionStorage.getItem(KEY) === VERSION) return;
  const { ok } = await fetch(location.href, { cache: "no-store" }); // where the network is gone, the page stays
  if (!ok) return;
  sessionStorage.setItem(KEY, VERSION);
  location.reload();
};

const recoverOnce = () => {
  recovery ??= recover().finally(() => { recovery = null; });
};

const isOurs = (target) =>
  (target instanceof HTMLScriptElement && target.src.startsWith(location.origin)) ||
  (target instanceof HTMLLinkElement && target.href.startsWith(location.origin));

addEventListener("vite:preloadError", recoverOnce);
addEventListener("error", ({ target }) => {
  if (isOurs(target)) recoverOnce();
}, true);

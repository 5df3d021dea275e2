// A page that was opened, or kept, before an upgrade may name files that are gone: then it is loaded anew, once.

const KEY = "autograd-explorer:reloaded";
const VERSION = "{version}";

const recover = async () => {
  if (sessionStorage.getItem(KEY) === VERSION) return;
  const { ok } = await fetch(location.href, { cache: "no-store" }); // where the network is gone, the page stays
  if (!ok) return;
  sessionStorage.setItem(KEY, VERSION);
  location.reload();
};

addEventListener("vite:preloadError", recover);
addEventListener("error", ({ target }) => {
  if (target instanceof HTMLScriptElement || target instanceof HTMLLinkElement) recover();
}, true);

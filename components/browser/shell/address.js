// The address of what is on the screen: written here, in the browser's history, and nowhere else.

/** Parameters that a visitor keeps from page to page. */
const KEPT = ["present", "hide", "show", "predict", "tour", "embed", "embed_options"];

/** Legible in an address, and without a meaning of their own there. */
const PLAIN = /%(2C|3A|3B)/g;

/**
 * `window` (with its `history`, `location` and `parent`) is injected. Moves within a page are this object's own and are
 * kept from the host, which would run the page anew; a move to another page is the host's.
 */
export class Address {
  constructor(window) {
    this.window = window;
    this.moveListeners = new Set();
    this.leaveListeners = new Set();
    this.queries = new Map();
    this.enter();
    this.hear = (event) => this.moved(event);
    window.addEventListener("popstate", this.hear, { capture: true });
  }

  close() {
    this.window.removeEventListener("popstate", this.hear, { capture: true });
  }

  /** The page at the present address has been opened: what is written from now on is its own. */
  enter() {
    const { pathname, search } = this.window.location;
    Object.assign(this, { path: pathname, query: search });
    this.queries.set(pathname, search);
    this.tellHost(search);
  }

  /** A host that frames the app, as Streamlit's Community Cloud does, shows its query as its own. */
  tellHost(search) {
    const { parent } = this.window;
    const message = { stCommVersion: 1, type: "SET_QUERY_PARAM", queryParams: search };
    if (parent !== this.window) parent.postMessage(message, "*");
  }

  /** Calls `listener()` after Back or Forward within a page; returns how to stop. */
  onMove(listener) {
    this.moveListeners.add(listener);
    return () => this.moveListeners.delete(listener);
  }

  /** Calls `listener()` when the page is left for another one; returns how to stop. */
  onLeave(listener) {
    this.leaveListeners.add(listener);
    return () => this.leaveListeners.delete(listener);
  }

  /** The text of a parameter, or null. */
  get(name) {
    return new URLSearchParams(this.window.location.search).get(name);
  }

  /**
   * Writes parameters (null: left out) in their order, where the first of them stood, or at the end; all others stay as
   * they are. One entry of the history, unless nothing changes or the page has been left.
   */
  write(parameters) {
    const { pathname, search, hash } = this.window.location;
    if (pathname !== this.path || says(search, parameters)) return;
    this.push(pathname, merge(search, parameters), hash);
    this.enter();
  }

  /** Writes one parameter, or takes it away (null). */
  set(name, text) {
    this.write({ [name]: text });
  }

  /** Opens another page of the app; `path` is relative to this one's folder. */
  go(path, query = this.queryOf(path)) {
    const target = this.resolve(path);
    if (target === this.path && query === this.query) return;
    this.push(target, query);
    this.window.dispatchEvent(new this.window.PopStateEvent("popstate", { state: {} }));
  }

  /** The query with which a page opens: as it was left in this tab, shown to the class as this page is. */
  queryOf(path) {
    const isKept = (piece) => KEPT.includes(nameOf(piece));
    const left = pieces(this.queries.get(this.resolve(path)) ?? "").filter((piece) => !isKept(piece));
    return join([...left, ...pieces(this.window.location.search).filter(isKept)]);
  }

  resolve(path) {
    return new URL(`./${path.replace(/^\//, "")}`, this.window.location.href).pathname;
  }

  push(path, query, hash = "") {
    this.window.history.pushState({}, "", path + query + hash);
  }

  moved(event) {
    const { pathname, search } = this.window.location;
    if (pathname !== this.path) return this.left();
    event.stopImmediatePropagation();
    if (search === this.query) return; // a link to a heading
    this.enter();
    for (const listener of [...this.moveListeners]) listener();
  }

  /** The host has heard of it too and opens the page. */
  left() {
    this.path = null;
    for (const listener of [...this.leaveListeners]) listener();
  }
}

function says(search, parameters) {
  const query = new URLSearchParams(search);
  return Object.entries(parameters).every(([name, text]) => {
    const texts = query.getAll(name);
    return text === null ? texts.length === 0 : texts.length === 1 && texts[0] === text;
  });
}

function merge(search, parameters) {
  const isOwn = (piece) => Object.hasOwn(parameters, nameOf(piece));
  const all = pieces(search);
  const first = all.findIndex(isOwn);
  const place = first < 0 ? all.length : first;
  const said = Object.entries(parameters).filter(([, text]) => text !== null);
  const own = said.map(([name, text]) => `${encode(name)}=${encode(text)}`);
  return join([...all.slice(0, place), ...own, ...all.slice(place).filter((piece) => !isOwn(piece))]);
}

function pieces(search) {
  return search.replace(/^\?/, "").split("&").filter(Boolean);
}

function join(all) {
  return all.length ? `?${all.join("&")}` : "";
}

/** `w` of `w=2`, as the browser reads it. */
function nameOf(piece) {
  return [...new URLSearchParams(`&${piece}`).keys()][0];
}

function encode(text) {
  return encodeURIComponent(text).replace(PLAIN, decodeURIComponent);
}

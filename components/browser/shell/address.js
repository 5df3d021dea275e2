// The address of what is on the screen: written here, in the browser's history, and nowhere else.

/** Parameters that a visitor keeps from page to page. */
const KEPT = ["present", "hide", "show", "predict", "tour", "from", "embed", "embed_options"];

/** Those of a frame, which stays what it is wherever a link leads. */
const FRAMED = ["embed", "embed_options"];

/** Legible in an address, and without a meaning of their own there. */
const PLAIN = /%(2C|3A|3B)/g;

/** What is left of a `&` that a mail has escaped once too often. */
const ESCAPED = /([?&])(?:amp;)+/g;

const STEP_KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];
const BURST_MS = 1000;
const LONGEST_PATH = 120;

/**
 * `window` (with its `history`, `location` and `parent`) and `now()` in milliseconds are injected. Moves within a page
 * are this object's own and are kept from the host, which would run the page anew; one to another page is the host's.
 */
export class Address {
  constructor(window, now = () => Date.now()) {
    Object.assign(this, { window, now, pressedAt: -Infinity, burst: null, ahead: {} });
    this.moveListeners = new Set();
    this.leaveListeners = new Set();
    this.queries = new Map();
    this.clean();
    this.enter();
    this.hear = (event) => this.moved(event);
    this.press = ({ key }) => STEP_KEYS.includes(key) && (this.pressedAt = now());
    window.addEventListener("popstate", this.hear, { capture: true });
    window.addEventListener("keydown", this.press, { capture: true });
    window.addEventListener("keyup", this.press, { capture: true });
  }

  close() {
    this.window.removeEventListener("popstate", this.hear, { capture: true });
    this.window.removeEventListener("keydown", this.press, { capture: true });
    this.window.removeEventListener("keyup", this.press, { capture: true });
  }

  clean() {
    const { pathname, search, hash } = this.window.location;
    const query = search.replace(ESCAPED, "$1");
    if (query !== search) this.window.history.replaceState(this.window.history.state, "", pathname + query + hash);
  }

  /** The path that no page has, which the server put behind the `#`, or null; it is taken from the address. */
  takeUnknownPath() {
    const { pathname, search, hash } = this.window.location;
    if (!hash.startsWith("#/")) return null;
    this.window.history.replaceState(this.window.history.state, "", pathname + search);
    return decode(hash.slice(1, LONGEST_PATH + 2));
  }

  /** The page at the present address has been opened: what is written from now on is its own. */
  enter() {
    const { pathname, search } = this.window.location;
    Object.assign(this, { path: pathname, query: search, isUnfinished: false });
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
   * Writes what a gesture has set, within its own event, before the server has spelled it: some browsers skip, on the
   * way back, what is written long after the last gesture. What the server then says of the same corrects the entry.
   */
  writeAhead(parameters) {
    Object.assign(this, { ahead: {}, isUnfinished: false });
    this.write(parameters);
    this.ahead = parameters;
  }

  /**
   * Writes parameters (null: left out) in their order, where the first of them stood, or at the end; all others stay as
   * they are. One entry of the history, unless nothing changes or the page has been left. `isOld`: the server answers
   * what was set before the last gesture.
   */
  write(parameters, isOld = false) {
    const { ahead } = this;
    const said = isOld ? { ...parameters, ...ahead } : parameters;
    if (!isOld) this.ahead = {};
    const { pathname, search, hash } = this.window.location;
    const changed = changes(search, said);
    const isUnfinished = this.isUnfinished && !isOld;
    if (!isOld) this.isUnfinished = false;
    if (pathname !== this.path || !changed.length) return;
    const isCorrection = isUnfinished || changed.every((name) => Object.hasOwn(ahead, name));
    const isBurst = this.continuesBurst(changed);
    this.put(isCorrection || isBurst, pathname, merge(search, said), hash);
    this.enter();
  }

  /** Whether the same was changed by a key less than a second ago. */
  continuesBurst(changed) {
    const now = this.now();
    const before = this.burst;
    const isStep = now - this.pressedAt < BURST_MS;
    this.burst = isStep ? { at: now, names: String(changed) } : null;
    return Boolean(isStep && before && before.names === String(changed) && now - before.at < BURST_MS);
  }

  /** Writes one parameter, or takes it away (null); what the server then says of it goes into the same entry. */
  set(name, text) {
    this.isUnfinished = false;
    this.write({ [name]: text });
    this.isUnfinished = true;
  }

  /** Opens another page of the app; `path` is relative to this one's folder. */
  go(path, query = this.queryOf(path)) {
    const target = this.resolve(path);
    if (target === this.path && query === this.query) return;
    this.put(false, target, query);
    this.window.dispatchEvent(new this.window.PopStateEvent("popstate", { state: {} }));
  }

  /** Opens the state that a link names on one of the pages at `paths`; whether it leads there. */
  follow(link, paths) {
    const { origin, pathname, search, hash } = new URL(link, this.window.location.href);
    const path = paths.find((one) => this.resolve(one) === pathname);
    if (origin !== this.window.location.origin || path === undefined || hash) return false;
    const isFrames = (piece) => FRAMED.includes(nameOf(piece));
    const frames = pieces(this.window.location.search).filter(isFrames);
    this.go(path, join([...pieces(search).filter((piece) => !isFrames(piece)), ...frames]));
    return true;
  }

  /** The query with which a page opens: as it was left in this tab, shown to the class as this page is. */
  queryOf(path) {
    const isKept = (piece) => KEPT.includes(nameOf(piece)) && piece !== `from=${path}`;
    const left = pieces(this.queries.get(this.resolve(path)) ?? "").filter((piece) => !isKept(piece));
    return join([...left, ...pieces(this.window.location.search).filter(isKept)]);
  }

  /** The query of a page exactly as it was left in this tab. */
  queryLeft(path) {
    return this.queries.get(this.resolve(path)) ?? "";
  }

  resolve(path) {
    return new URL(`./${path.replace(/^\//, "")}`, this.window.location.href).pathname;
  }

  /** A new entry, or another text of the present one; a page in a foreign frame has no entries of its own. */
  put(isSame, path, query, hash = "") {
    const { history } = this.window;
    if (isSame || isInForeignFrame(this.window)) history.replaceState({}, "", path + query + hash);
    else history.pushState({}, "", path + query + hash);
  }

  moved(event) {
    Object.assign(this, { burst: null, ahead: {} });
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

/** Whether another page shows this one, whose Back is not ours; a host of the same origin follows what it is told. */
function isInForeignFrame(window) {
  const { parent, location } = window;
  if (parent === window) return false;
  try {
    return parent.location.origin !== location.origin || /[?&]embed=true/i.test(location.search);
  } catch {
    return true; // of another origin
  }
}

/** Names of parameters that do not say what they should. */
function changes(search, parameters) {
  const query = new URLSearchParams(search);
  const isSaid = ([name, text]) => {
    const texts = query.getAll(name);
    return text === null ? texts.length === 0 : texts.length === 1 && texts[0] === text;
  };
  return Object.entries(parameters).filter((entry) => !isSaid(entry)).map(([name]) => name);
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

/** What cannot be decoded stays as it is. */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function encode(text) {
  return encodeURIComponent(text).replace(PLAIN, decodeURIComponent);
}

// Elements without a browser: as much of them as the tested parts use.

const HEIGHT = 20; // of every element; a letter is half as wide

export class FakeElement extends EventTarget {
  constructor(tag) {
    super();
    Object.assign(this, { localName: tag, attributes: {}, nodes: [], parentElement: null, dataset: {}, value: "" });
    Object.assign(this, { selectionStart: 0, selectionEnd: 0, scrollTop: 0, scrollLeft: 0, className: "", title: "" });
    this.style = { setProperty: (name, value) => (this.style[name] = value) };
    this.classList = {
      add: (name) => this.classList.toggle(name, true),
      remove: (name) => this.classList.toggle(name, false),
      contains: (name) => this.classes.includes(name),
      toggle: (name, isOn) => {
        this.className = [...this.classes.filter((other) => other !== name), ...(isOn ? [name] : [])].join(" ");
      },
    };
  }

  get classes() {
    return this.className.split(" ").filter(Boolean);
  }

  get children() {
    return this.nodes.filter((node) => node instanceof FakeElement);
  }

  get childNodes() {
    return this.nodes.map((node) => (node instanceof FakeElement ? node : { textContent: node }));
  }

  get lastChild() {
    return this.nodes.at(-1);
  }

  get firstChild() {
    return this.childNodes[0];
  }

  get textContent() {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  set textContent(text) {
    this.nodes = text === "" ? [] : [String(text)];
  }

  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }

  append(...added) {
    for (const node of added) if (node instanceof FakeElement) node.parentElement = this;
    this.nodes.push(...added);
  }

  replaceChildren(...nodes) {
    this.nodes = [];
    this.append(...nodes);
  }

  remove() {
    const { parentElement: parent } = this;
    parent.nodes = parent.nodes.filter((node) => node !== this);
  }

  getBoundingClientRect() {
    const row = this.parentElement?.nodes.indexOf(this) ?? 0;
    const width = this.textContent.length * HEIGHT / 2;
    return { top: row * HEIGHT, bottom: (row + 1) * HEIGHT, height: HEIGHT, left: 0, right: width, width };
  }

  setPointerCapture() {}

  select() {
    this.setSelectionRange(0, this.value.length);
  }

  setSelectionRange(selectionStart, selectionEnd) {
    Object.assign(this, { selectionStart, selectionEnd });
    globalThis.document.dispatchEvent(new Event("selectionchange"));
  }

  /** Focus goes to this element. */
  focus() {
    const { document: page } = globalThis;
    const { activeElement } = page;
    if (activeElement === this) return;
    page.activeElement = this;
    activeElement?.dispatchEvent(new Event("blur"));
    this.dispatchEvent(new Event("focus"));
  }

  blur() {
    globalThis.document.activeElement = null;
    this.dispatchEvent(new Event("blur"));
  }

  /** An event with these properties; returns whether the browser's own action follows. */
  send(type, properties = {}) {
    const event = new Event(type, { cancelable: true });
    for (const [name, value] of Object.entries(properties)) Object.defineProperty(event, name, { value });
    return this.dispatchEvent(event);
  }

  press(key, modifiers = {}) {
    return this.send("keydown", { key, ...modifiers });
  }

  /** A text takes the place of what the field says. */
  typeIn(text) {
    this.focus();
    this.value = text;
    this.send("input");
  }

  /** A text takes the place of what is selected. */
  put(text) {
    const { value, selectionStart, selectionEnd } = this;
    this.value = value.slice(0, selectionStart) + text + value.slice(selectionEnd);
    this.setSelectionRange(selectionStart + text.length, selectionStart + text.length);
    this.send("input");
    return true;
  }

  /** A range goes so many steps on. */
  stepUp(count) {
    this.value = String(Number(this.value) + count * this.step);
  }
}

let waiting = new Map();

/** What was asked for the next frame is done; how much that was. */
export function nextFrame() {
  const due = [...waiting.values()];
  waiting = new Map();
  for (const callback of due) callback();
  return due.length;
}

/** Has scripts find a document that makes such elements, in a window. */
export function standInForDocument() {
  waiting = new Map();
  let last = 0;
  globalThis.requestAnimationFrame = (callback) => {
    waiting.set((last += 1), callback);
    return last;
  };
  globalThis.cancelAnimationFrame = (number) => waiting.delete(number);
  globalThis.NodeFilter = { SHOW_TEXT: 4 };
  globalThis.window = new EventTarget();
  globalThis.matchMedia = () => Object.assign(new EventTarget(), { matches: false });
  globalThis.ResizeObserver = class {
    observe() {}

    disconnect() {}
  };
  globalThis.document = Object.assign(new EventTarget(), {
    activeElement: null,
    createElement: (tag) => new FakeElement(tag),
    createTreeWalker: () => ({ nextNode: () => null }),
    createRange: () => ({ setStart() {}, setEnd() {}, getBoundingClientRect: () => ({ left: 0 }) }),
    execCommand: (_, __, text = "") => globalThis.document.activeElement.put(text),
  });
}

// Elements without a browser: as much of them as the tested parts use.

export class FakeElement extends EventTarget {
  constructor(tag) {
    super();
    Object.assign(this, { localName: tag, attributes: {}, children: [], parentElement: null, dataset: {}, value: "" });
    Object.assign(this, { selectionStart: 0, selectionEnd: 0 });
    this.style = { setProperty: (name, value) => (this.style[name] = value) };
  }

  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }

  append(...added) {
    for (const child of added) if (child instanceof FakeElement) child.parentElement = this;
    this.children.push(...added);
  }

  select() {
    Object.assign(this, { selectionStart: 0, selectionEnd: this.value.length });
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

  /** A key is pressed; returns whether the browser's own action follows. */
  press(key, modifiers = {}) {
    return this.dispatchEvent(Object.assign(new Event("keydown", { cancelable: true }), { key, ...modifiers }));
  }

  /** A text takes the place of what the field says. */
  typeIn(text) {
    this.focus();
    this.value = text;
    this.dispatchEvent(new Event("input"));
  }

  /** A range goes so many steps on. */
  stepUp(count) {
    this.value = String(Number(this.value) + count * this.step);
  }
}

/** Has scripts find a document that makes such elements. */
export function standInForDocument() {
  globalThis.NodeFilter = { SHOW_TEXT: 4 };
  globalThis.document = {
    activeElement: null,
    createElement: (tag) => new FakeElement(tag),
    createTreeWalker: () => ({ nextNode: () => null }),
  };
}

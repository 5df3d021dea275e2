// A text field and what is typed into it.

export class EditedField {
  /**
   * What is typed stays until it is entered or given up; `enter(text)` is called once for each text that is entered, by
   * Enter or by leaving the field.
   */
  constructor(field, enter) {
    Object.assign(this, { field, enter, shown: "", isEdited: false });
    selectWhole(field);
    field.addEventListener("input", () => (this.isEdited = true));
    field.addEventListener("change", () => this.commit());
    field.addEventListener("blur", () => document.activeElement === field || this.discard()); // else the window is left
    field.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") this.commit();
      if (key === "Escape") this.discard();
    });
  }

  /** Shows a text, at once or after what is being typed has been given up. */
  show(text) {
    this.shown = text;
    if (!this.isEdited) this.write();
  }

  /** Gives up what was typed and not entered. */
  discard() {
    if (!this.isEdited) return;
    this.isEdited = false;
    this.write();
  }

  commit() {
    if (!this.isEdited) return;
    this.isEdited = false;
    this.enter(this.field.value);
  }

  /** A field that was selected as a whole still is. */
  write() {
    const { field, shown } = this;
    if (field.value === shown) return;
    const isSelected = document.activeElement === field && isWhole(field);
    field.value = shown;
    if (isSelected) field.select();
  }
}

/** Typing into a field that has just been entered replaces what it says; letting go of the mouse must not undo that. */
function selectWhole(field) {
  let isEntering = false;
  field.addEventListener("pointerdown", () => (isEntering = document.activeElement !== field));
  field.addEventListener("focus", () => field.select());
  field.addEventListener("mouseup", (event) => {
    if (isEntering && (field.selectionStart === field.selectionEnd || isWhole(field))) {
      event.preventDefault();
      field.select();
    }
    isEntering = false;
  });
}

/** Whether all of a field's text is selected. */
function isWhole({ selectionStart, selectionEnd, value }) {
  return value.length > 0 && selectionEnd - selectionStart === value.length;
}

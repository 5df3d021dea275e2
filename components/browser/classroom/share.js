// The sharing panel: a link to what is on the screen, its QR code, what students should not see yet, and a look at it.

import { element } from "../shell/dom.js";
import { codeOf, linkTo, snippetOf } from "./link.js";

/** As long as a code can be and still be read from the back of a room; the server draws no longer one. */
const LONGEST = 600;
const [SCREEN_WIDTH, SCREEN_HEIGHT] = [1280, 800];

export class Share {
  constructor(parent) {
    parent.insertAdjacentHTML("beforeend", SKELETON);
    this.dialog = parent.querySelector("dialog.share");
    this.large = parent.querySelector("dialog.large-code");
    const find = (selector) => this.dialog.querySelector(selector);
    this.link = find(".link");
    this.snippet = find(".snippet");
    this.status = find(".said");
    this.parts = find(".parts");
    this.questions = find(".questions");
    this.preview = find(".preview");
    this.frame = find("iframe");
    this.dialog.addEventListener("click", (event) => this.click(event));
    this.dialog.addEventListener("change", () => this.write());
    this.dialog.addEventListener("close", () => this.stop());
    this.preview.addEventListener("toggle", () => this.look());
    this.large.addEventListener("click", () => this.large.close());
  }

  /** Takes over another page. */
  open({ parts, predictable }) {
    Object.assign(this, { offered: { parts, predictable }, ticked: "" });
    this.hides = Object.fromEntries(parts.map(({ name, hides }) => [name, hides]));
    this.questions.closest("fieldset").hidden = !predictable.length;
  }

  /** Ticks what the address hides and has predicted; an open panel follows the address. */
  update({ named, predict }) {
    const ticked = JSON.stringify([named, predict]);
    if (this.ticked !== ticked) {
      this.ticked = ticked;
      const { parts, predictable } = this.offered;
      this.parts.replaceChildren(...parts.map((part) => tick(part, named.includes(part.name))));
      this.questions.replaceChildren(...predictable.map((one) => tick(one, predict.includes(one.name))));
    }
    if (this.dialog.open && this.address !== location.href) this.write();
  }

  show() {
    this.dialog.showModal();
    this.dialog.querySelector(".copy").focus();
    this.write();
  }

  close() {
    this.large.close();
    this.dialog.close();
    this.stop();
  }

  stop() {
    this.status.textContent = "";
    this.preview.open = false;
  }

  write() {
    this.address = location.href;
    const isChecked = (name) => this.dialog.querySelector(`[name="${name}"]`).checked;
    const link = linkTo({
      hidden: this.hidden(),
      predicted: [...this.questions.querySelectorAll("input:checked")].map(({ value }) => value),
      isProjected: isChecked("present"),
      isEmbedded: isChecked("embed"),
    });
    if (this.link.value !== link) this.status.textContent = "";
    this.link.value = link;
    this.snippet.value = snippetOf(link);
    this.snippet.closest("div").hidden = !isChecked("embed");
    this.draw(link);
    this.look();
  }

  /** What is ticked; what goes with it is ticked too, and cannot be chosen by itself. */
  hidden() {
    const ticks = [...this.parts.querySelectorAll("input")];
    const chosen = ticks.filter((box) => box.checked && !box.disabled).map(({ value }) => value);
    const implied = new Set(chosen.flatMap((name) => this.hides[name]));
    for (const box of ticks) {
      const isImplied = implied.has(box.value);
      if (box.disabled !== isImplied) box.checked = isImplied;
      box.disabled = isImplied;
    }
    return chosen.filter((name) => !implied.has(name));
  }

  draw(link) {
    const isShort = link.length <= LONGEST;
    for (const place of [this.dialog, this.large]) {
      const image = place.querySelector("img");
      if (isShort && image.src !== codeOf(link)) image.src = codeOf(link);
    }
    this.dialog.querySelector(".code").hidden = !isShort;
    this.dialog.querySelector(".too-long").hidden = isShort;
    this.dialog.querySelector(".picture").href = codeOf(link, "png");
    this.large.querySelector("p").textContent = link;
  }

  /** The page that students get, small; loaded only while someone looks. */
  look() {
    const isOpen = this.preview.open;
    const wanted = isOpen ? this.link.value : "about:blank";
    if (this.frame.dataset.at !== wanted) this.frame.src = this.frame.dataset.at = wanted;
    if (!isOpen) return;
    const scale = this.preview.clientWidth / SCREEN_WIDTH;
    this.frame.style.transform = `scale(${scale})`;
    this.frame.parentElement.style.height = `${SCREEN_HEIGHT * scale}px`;
  }

  click({ target }) {
    if (target === this.dialog || target.closest(".close")) return this.dialog.close();
    if (target.closest(".code")) this.large.showModal();
    const { copy } = target.dataset;
    if (copy) this.copy(this[copy]);
  }

  /** Without leave to use the clipboard (plain http, say) the text is copied as if by hand, or at least selected. */
  async copy(field) {
    let isDone = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
    if (!isDone) {
      field.focus();
      field.select();
      isDone = document.execCommand("copy");
    }
    this.status.textContent = isDone ? "Copied." : "It is selected: press Ctrl+C.";
  }
}

function tick({ name, title }, isChecked) {
  const box = element("input", { type: "checkbox", value: name, checked: isChecked });
  return element("label", { className: "tick" }, [box, ` ${title}`]);
}

const LEFT = `
  <button type="button" class="code" aria-label="Show the QR code on the whole screen" title="On the whole screen">
    <img alt="QR code of the link">
  </button>
  <p class="too-long" hidden>This link is too long for a QR code. Copy it instead.</p>
  <a class="picture" download="autograd-explorer.png">Save the code as PNG</a>`;

const RIGHT = `
  <div class="row">
    <input class="link" readonly aria-label="Link">
    <button type="button" data-copy="link" class="copy">Copy</button>
  </div>
  <fieldset><legend>Students do not see yet</legend><div class="parts"></div></fieldset>
  <fieldset><legend>Students predict first</legend><div class="questions"></div></fieldset>
  <fieldset><legend>It opens</legend>
    <label class="tick"><input type="checkbox" name="present"> for a projector</label>
    <label class="tick">
      <input type="checkbox" name="embed"> inside another page, without the head and the lesson
    </label>
  </fieldset>
  <div class="row" hidden>
    <input class="snippet" readonly aria-label="HTML for another page">
    <button type="button" data-copy="snippet">Copy HTML</button>
  </div>
  <p class="said" role="status"></p>`;

const SKELETON = `
  <dialog class="share" aria-labelledby="share-title">
    <header>
      <h2 id="share-title">Share what is on the screen</h2>
      <button type="button" class="close" aria-label="Close">×</button>
    </header>
    <div class="sides"><div class="left">${LEFT}</div><div class="right">${RIGHT}</div></div>
    <details class="preview"><summary>What students get</summary>
      <div class="small">
        <iframe width="${SCREEN_WIDTH}" height="${SCREEN_HEIGHT}" title="What students get" tabindex="-1" inert>
        </iframe>
      </div>
    </details>
  </dialog>
  <dialog class="large-code" aria-label="QR code">
    <button type="button" aria-label="Close"><img alt="QR code of the link"></button>
    <p></p>
  </dialog>`;

// The sharing panel: a link to what is on the screen, its QR code, what students should not see yet, and a look at it.

import { codeOf, linkTo, snippetOf } from "./link.js";

/** As long as a code can be and still be read from the back of a room; the server draws no longer one. */
const LONGEST = 600;
const LOOK_MS = 250;
const [SCREEN_WIDTH, SCREEN_HEIGHT] = [1280, 800];

export class Share {
  constructor(parent) {
    parent.insertAdjacentHTML("beforeend", SKELETON);
    this.dialog = parent.querySelector("dialog.share");
    this.large = parent.querySelector("dialog.large-code");
    const find = (selector) => this.dialog.querySelector(selector);
    this.link = find(".link");
    this.snippet = find(".snippet");
    this.said = find(".said");
    this.parts = find(".parts");
    this.questions = find(".questions");
    this.preview = find(".preview");
    this.frame = find("iframe");
    this.dialog.addEventListener("click", (event) => this.click(event));
    this.dialog.addEventListener("change", () => this.write());
    this.dialog.addEventListener("close", () => this.stop());
    this.preview.addEventListener("toggle", () => this.show());
    this.large.addEventListener("click", () => this.large.close());
  }

  update({ parts, named, predictable, predicted }) {
    const shape = JSON.stringify([parts, named, predictable, predicted]);
    if (this.shape === shape) return;
    this.shape = shape;
    this.takes = Object.fromEntries(parts.map(({ name, takes }) => [name, takes]));
    this.parts.replaceChildren(...parts.map((part) => tick(part, named.includes(part.name))));
    this.questions.replaceChildren(...predictable.map((one) => tick(one, predicted.includes(one.name))));
    this.questions.closest("fieldset").hidden = !predictable.length;
  }

  /** While it is open the address may still change: what was last set is released just before. */
  open() {
    this.dialog.showModal();
    this.dialog.querySelector(".copy").focus();
    this.write();
    this.looking = setInterval(() => this.address !== location.href && this.write(), LOOK_MS);
  }

  close() {
    this.large.close();
    this.dialog.close();
    this.stop();
  }

  stop() {
    clearInterval(this.looking);
    this.said.textContent = "";
    this.preview.open = false;
  }

  write() {
    this.address = location.href;
    const isChecked = (name) => this.dialog.querySelector(`[name="${name}"]`).checked;
    const predicted = [...this.questions.querySelectorAll("input:checked")].map(({ value }) => value);
    const link = linkTo({ hidden: this.hidden(), predicted, isProjected: isChecked("present"), isEmbedded: isChecked("embed") });
    this.link.value = link;
    this.snippet.value = snippetOf(link);
    this.snippet.closest("div").hidden = !isChecked("embed");
    this.draw(link);
    this.show();
  }

  /** What is ticked; what goes with it is ticked too, and cannot be chosen by itself. */
  hidden() {
    const ticks = [...this.parts.querySelectorAll("input")];
    const chosen = ticks.filter((box) => box.checked && !box.disabled).map(({ value }) => value);
    const along = new Set(chosen.flatMap((name) => this.takes[name]));
    for (const box of ticks) {
      const goesAlong = along.has(box.value);
      if (box.disabled !== goesAlong) box.checked = goesAlong;
      box.disabled = goesAlong;
    }
    return chosen.filter((name) => !along.has(name));
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
  show() {
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

  /** Without leave to use the clipboard (plain http in a school, say) the text is copied as if by hand, or at least selected. */
  async copy(field) {
    let isDone = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
    if (!isDone) {
      field.focus();
      field.select();
      isDone = document.execCommand("copy");
    }
    this.said.textContent = isDone ? "Copied." : "It is selected: press Ctrl+C.";
  }
}

function tick({ name, title }, isChecked) {
  const label = document.createElement("label");
  label.className = "tick";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: name, checked: isChecked });
  label.append(box, ` ${title}`);
  return label;
}

const SKELETON = `
  <dialog class="share" aria-labelledby="share-title">
    <header><h2 id="share-title">Share what is on the screen</h2><button type="button" class="close" aria-label="Close">×</button></header>
    <div class="sides">
      <div class="left">
        <button type="button" class="code" aria-label="Show the QR code on the whole screen" title="On the whole screen"><img alt="QR code of the link"></button>
        <p class="too-long" hidden>This link is too long for a QR code. Copy it instead.</p>
        <a class="picture" download="autograd-explorer.png">Save the code as PNG</a>
      </div>
      <div class="right">
        <div class="row"><input class="link" readonly aria-label="Link"><button type="button" data-copy="link" class="copy">Copy</button></div>
        <fieldset><legend>Students do not see yet</legend><div class="parts"></div></fieldset>
        <fieldset><legend>Students predict first</legend><div class="questions"></div></fieldset>
        <fieldset><legend>It opens</legend>
          <label class="tick"><input type="checkbox" name="present"> for a projector</label>
          <label class="tick"><input type="checkbox" name="embed"> inside another page, without the head and the lesson</label>
        </fieldset>
        <div class="row" hidden><input class="snippet" readonly aria-label="HTML for another page"><button type="button" data-copy="snippet">Copy HTML</button></div>
        <p class="said" role="status"></p>
      </div>
    </div>
    <details class="preview"><summary>What students get</summary><div class="small"><iframe title="What students get" tabindex="-1" inert width="${SCREEN_WIDTH}" height="${SCREEN_HEIGHT}"></iframe></div></details>
  </dialog>
  <dialog class="large-code" aria-label="QR code"><button type="button" aria-label="Close"><img alt="QR code of the link"></button><p></p></dialog>`;

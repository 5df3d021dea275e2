// Which way a graph is drawn: how large its drawings are, in the room that there is.

const FRAME_PX = 30;
const PAPER = { width: 660, height: 880 }; // pixels of a sheet, with the frame taken off
const CLEARLY = 1.2;
const LEGIBLE = 0.7; // of a drawing's own size, on paper

/** The width that a graph lying down takes at scale 1, with its frame; a small one has room where others must stand. */
export function widthOf({ LR }) {
  return sizeOf(LR).width + FRAME_PX;
}

/** Whether a drawing is clearly larger upright in the room that it has. */
export function isLargerUpright({ LR, TB }, room) {
  const [lying, upright] = [LR, TB].map((text) => {
    const { width, height } = sizeOf(text);
    return Math.min(1, room.width / width, room.height / height);
  });
  return upright > CLEARLY * lying;
}

/** Which way a graph runs on a sheet of paper: upright where it would be too small, and is larger so. */
export function onPaper({ LR, TB }) {
  const [lying, upright] = [LR, TB].map((text) => {
    const { width, height } = sizeOf(text);
    return Math.min(PAPER.width / width, PAPER.height / height);
  });
  const name = lying < LEGIBLE && upright > lying ? "TB" : "LR";
  return { direction: name, name };
}

/** The size of a drawing's view box. */
function sizeOf(text) {
  const [, width, height] = text.match(/viewBox="\S+ \S+ (\S+) (\S+)"/).map(Number);
  return { width, height };
}

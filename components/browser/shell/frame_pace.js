// Which of the values that a drag passes is sent: one in each frame.

const HIDDEN_FRAME_MS = 100; // a tab that is not shown has no frames
const NEWER_MS = 8;
const HASTE_MS = 250;

/**
 * An event may leave in every frame. One that waits when a frame begins gives way for half of it to a newer one, whose
 * answer is shown by the next frame as well. Where answers have just missed their frame, it leaves as a frame begins.
 */
export class FramePace {
  /** `isLate()` tells, as a frame begins, whether an answer missed the one before; `send()` sends what waits. */
  constructor({ now, setTimer, clearTimer, nextFrame }, { isLate, send }) {
    Object.assign(this, { now, setTimer, clearTimer, nextFrame, isLate, send, frame: null, hastyUntil: -Infinity });
  }

  /** Whether nothing has left in this frame. */
  get isOpen() {
    return this.frame === null;
  }

  /** An event leaves: the next one does in the next frame. */
  take() {
    const frame = (this.frame = {});
    const end = () => {
      if (this.frame !== frame) return;
      this.frame = null;
      this.clearTimer(timer);
      this.begin();
    };
    const timer = this.setTimer(end, HIDDEN_FRAME_MS);
    this.nextFrame(end);
  }

  begin() {
    if (this.isLate()) this.hastyUntil = this.now() + HASTE_MS;
    if (this.now() < this.hastyUntil) this.send();
    else this.setTimer(this.send, NEWER_MS);
  }
}

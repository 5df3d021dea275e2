// How a slider's positions and its numbers belong together: evenly, or on a logarithmic scale.

const POWER_STEP = 0.01;

/**
 * The scale of a slider: the `ends` and the step of its positions, number and position of each other, how a number is
 * written in its field, and how far along the slider it is. `isSpoken` tells that a position is not the number itself.
 */
export function scaleOf(slider) {
  return slider.powers ? logarithmic(slider) : even(slider);
}

function even({ min, max, step, decimals, word }) {
  return {
    ends: { min, max, step },
    isSpoken: Boolean(word),
    toNumber: (position) => position,
    toPosition: (number) => number,
    write: (number) => (word && number === min ? word : number.toFixed(decimals)),
    share: (number) => (number - min) / (max - min),
  };
}

/** As many significant digits everywhere, and a constant factor between two steps. */
function logarithmic({ powers: [low, high], digits }) {
  return {
    ends: { min: low, max: high, step: POWER_STEP },
    isSpoken: true,
    toNumber: (position) => Number((10 ** position).toPrecision(digits)),
    toPosition: (number) => Math.log10(number),
    write: String,
    share: (number) => (Math.log10(number) - low) / (high - low),
  };
}

// The words that the pages use and a newcomer may not know: one table, for explanations where they stand and a list.
//
// `name` is how the list has a term, `forms` are how texts write it (none: as the name), `says` explains it. What is
// `alone` is explained only where it is a whole text: in a sentence it means something else.

export const TERMS = [
  {
    name: "AccumulateGrad",
    says: "torch’s node of a leaf. It adds what arrives to the leaf’s .grad.",
  },
  {
    name: "autograd",
    says: "The part of torch that records what is computed, and computes gradients from that record.",
  },
  {
    name: "backward graph",
    says: "torch’s record of a computation: a node for each operation, which knows how a gradient passes from its "
      + "result back to its inputs. backward() goes through it from the end to the beginning.",
  },
  {
    name: "bias",
    alone: true,
    says: "The number b that the neuron adds, whatever its input is.",
  },
  {
    name: "central difference",
    forms: ["central difference", "difference quotient"],
    says: "(L(w + h) − L(w − h)) / 2h: the slope as one would measure it, by moving w a little both ways.",
  },
  {
    name: "chain rule",
    says: "Where one thing moves a second and the second a third, the rates are multiplied: dz/dx = dz/dy · dy/dx.",
  },
  {
    name: "clamp",
    says: "clamp(ŷ) keeps ŷ within limits, so that no logarithm of 0 is taken. Beyond a limit it is flat, and its "
      + "local derivative is 0.",
  },
  {
    name: "clamped",
    alone: true,
    says: "A verdict: the loss clamps ŷ here, so torch’s gradient is exactly 0, and the true one is not.",
  },
  {
    name: "closed form",
    says: "The gradient by a formula found on paper, as (ŷ − y)·x for a cross-entropy, computed in float64. The "
      + "other answers are held beside it.",
  },
  {
    name: "cross-entropy",
    forms: ["binary cross-entropy", "cross-entropy", "cross-entropies"],
    says: "A loss for yes-or-no questions: −log of the probability that the prediction gives to the right answer.",
  },
  {
    name: "detach()",
    forms: ["detach", "detached"],
    says: "Gives the same numbers without their history: no gradient flows back through the result.",
  },
  {
    name: "difference",
    alone: true,
    says: "The central difference (L(w + h) − L(w − h)) / 2h: the slope as one would measure it, by moving w both "
      + "ways.",
  },
  {
    name: "float32 and float64",
    forms: ["float32", "float64"],
    says: "Ways to store a number: in 32 bits, with about 7 decimal digits, or in 64 bits, with about 16.",
  },
  {
    name: "gradient",
    forms: ["gradient", "gradients"],
    says: "How much the result changes for each unit that a number goes up. Its sign says which way.",
  },
  {
    name: "identical",
    alone: true,
    says: "A verdict: torch’s gradient is the closed form, to the last digit that can be stored.",
  },
  {
    name: "in place",
    says: "Changing a tensor’s own numbers instead of making a new tensor: names that end in _ do it, as zero_().",
  },
  {
    name: "input",
    alone: true,
    says: "The number x that goes in: all others are computed from it. Learning does not change it.",
  },
  {
    name: "Jacobian",
    says: "The table of all derivatives of a vector by a vector: a row for each output, a column for each input.",
  },
  {
    name: "label",
    alone: true,
    says: "The right answer y, 0 or 1. The loss says how far the prediction is from it.",
  },
  {
    name: "leaf",
    forms: ["leaf", "leaves"],
    says: "A tensor that no operation made, such as w and b. backward() keeps the gradient of a leaf that requires "
      + "one in its .grad.",
  },
  {
    name: "local derivative",
    forms: ["local derivative", "local derivatives"],
    says: "How much the result of one operation changes for each unit of one of its inputs.",
  },
  {
    name: "loss",
    says: "One number for how wrong the prediction is. Learning means to make it smaller.",
  },
  {
    name: "nan",
    says: "Not a number: what 0 · ∞ or ∞ − ∞ give. Whatever is computed with it is nan, too.",
  },
  {
    name: "no_grad()",
    forms: ["no_grad"],
    says: "What is computed inside torch.no_grad() is not recorded: it has no history, and takes no gradient.",
  },
  {
    name: "other",
    alone: true,
    says: "torch’s name for the second operand of an operation. It is kept because the first one’s local derivative "
      + "needs it.",
  },
  {
    name: "requires_grad",
    says: "Whether torch records what is computed from a tensor, so that it can have a gradient.",
  },
  {
    name: "retain_grad()",
    forms: ["retain_grad"],
    says: "Asks torch to keep the gradient of a tensor that is no leaf.",
  },
  {
    name: "rounding",
    alone: true,
    says: "A verdict: torch’s gradient and the closed form differ, and no more than rounding explains.",
  },
  {
    name: "saturated",
    alone: true,
    says: "A verdict: at least half of the gradient’s digits are lost, because ŷ is too near to 0 or 1.",
  },
  {
    name: "saved for backward",
    forms: ["saved for backward", "saved tensors"],
    says: "Numbers that torch keeps from the way forward, because a local derivative needs them on the way back.",
  },
  {
    name: "scalar",
    says: "A tensor that is a single number.",
  },
  {
    name: "self",
    alone: true,
    says: "torch’s name for the first operand of an operation. It is kept because a local derivative needs it.",
  },
  {
    name: "self_sym_sizes",
    alone: true,
    says: "torch’s name for the shape of an operation’s operand, kept to spread the gradient over it.",
  },
  {
    name: "sigmoid σ",
    forms: ["sigmoid", "σ"],
    says: "σ(z) = 1 / (1 + e^−z): squeezes any number between 0 and 1. Its slope is σ(z)·(1 − σ(z)), nearly 0 at "
      + "both ends.",
  },
  {
    name: "tensor",
    forms: ["tensor", "tensors"],
    says: "torch’s word for a number, a list or a table of numbers.",
  },
  {
    name: "ulp",
    forms: ["ulp", "ulps", "ulps off"],
    says: "Unit in the last place: the step from one number to the next one that can be stored. One or two ulps are "
      + "as good as equal.",
  },
  {
    name: "undefined",
    alone: true,
    says: "A verdict: torch’s gradient is nan or infinite.",
  },
  {
    name: "upstream gradient",
    says: "The gradient that arrives at an operation, by its result. Times the local derivative it is passed on.",
  },
  {
    name: "vector-Jacobian product",
    forms: ["vector-Jacobian product", "v · J", "vJp"],
    says: "A row vector times the Jacobian: every row is taken as many times as the vector says, and all are added. "
      + "It is what backward() computes.",
  },
  {
    name: "verdict",
    forms: ["verdict", "verdicts"],
    says: "What torch’s gradient is worth beside the closed form: identical, rounding, clamped, saturated or "
      + "undefined.",
  },
  {
    name: "weight",
    alone: true,
    says: "The number w that the neuron multiplies its input by. Learning changes it.",
  },
  {
    name: "ŷ",
    says: "The prediction: σ(z), between 0 and 1. In code it is y_pred.",
  },
];

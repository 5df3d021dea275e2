/** The event by which any part of the page starts its tour. */
export const START = "autograd-explorer:tour";

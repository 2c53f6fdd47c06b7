/** When and where in the log the scripted exchange stands. */
export const TIME_MS = 1_790_000_040_000;
export const SEQUENCE = 48_210;

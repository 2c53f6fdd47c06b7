/**
 * Loaded before a service by a test that cannot wait for the hour in which funding is paid: at SIGUSR2 the clock of the
 * process jumps to shortly before the next full hour, and goes on from there.
 */
const BEFORE_THE_HOUR_MS = 5_000;
const HOUR_MS = 3_600_000;

const realNow = Date.now;
let aheadMs = 0;
// From the beginning: whoever keeps the function itself is to have this one.
Date.now = () => realNow() + aheadMs;

/** Jumps with the clock of this process. All processes of a venue jump at the same moment, to the same time. */
export function skipToTheHour(): void {
  const untilHourMs = HOUR_MS - (Date.now() % HOUR_MS);
  aheadMs += Math.max(0, untilHourMs - BEFORE_THE_HOUR_MS);
}

/** As it was, for what comes after in the same process. */
export function comeBack(): void {
  aheadMs = 0;
}

process.on('SIGUSR2', skipToTheHour);

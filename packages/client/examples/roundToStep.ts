/** The canonical text of the multiple of `step` (a decimal text) that is not above `value`, or with `up` not below it. */
export function roundToStep(value: number, step: string, up = false): string {
  const steps = value / Number(step);
  // What is a multiple already must not fall to the next one because a division is a hair off.
  const whole = up ? Math.ceil(steps - 1e-6) : Math.floor(steps + 1e-6);
  const decimals = step.split('.')[1]?.length ?? 0;
  return String(Number((whole * Number(step)).toFixed(decimals)));
}

/** How many random runs a property makes: as many as it wants, or no more than KEEL_TEST_RUNS. */
export function runsOf(wanted: number): number {
  const { KEEL_TEST_RUNS } = process.env;
  return KEEL_TEST_RUNS === undefined ? wanted : Math.min(wanted, Number(KEEL_TEST_RUNS));
}

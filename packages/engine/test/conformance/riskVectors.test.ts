import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JUDGES } from './judges.ts';
import { RISK_VECTORS } from './riskVectors.ts';

/** The figures as they were published, where there is a shared folder beside the project. */
const PUBLISHED = join(import.meta.dirname, '../../../../../shared/conformance/risk-vectors.json');
/** Judges count in doubles what they do not count in atoms; a printed figure has at most 13 digits that matter. */
const NOISE = 1e-9;

describe.each([...RISK_VECTORS])('%s', (topic, vectors) => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_id, { inputs, expected, tolerance }) => {
    const judge = JUDGES[topic];
    if (judge === undefined) throw new Error(`nobody judges ${topic}`);
    const said = judge(inputs);
    const wanted = Number(expected);
    const allowed = Number(tolerance) === 0 ? Math.abs(wanted) * NOISE : Number(tolerance);
    expect(Math.abs(said - wanted), `${said} for ${expected}`).toBeLessThanOrEqual(allowed * (1 + NOISE));
  });
});

describe('the published cases', () => {
  it.skipIf(!existsSync(PUBLISHED))('all stand here, with the same figures', () => {
    const published: { id: string; topic: string; expected: unknown; tolerance: unknown }[] = JSON.parse(
      readFileSync(PUBLISHED, 'utf8'),
    );
    const ours = [...RISK_VECTORS].flatMap(([topic, vectors]) =>
      vectors.map(({ id, expected, tolerance }) => ({ id, topic, expected, tolerance })),
    );
    const theirs = published.map(({ id, topic, expected, tolerance }) => ({
      id,
      topic,
      expected: String(expected),
      tolerance: String(tolerance),
    }));
    expect(ours.sort(byId)).toEqual(theirs.sort(byId));
  });
});

function byId(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1;
}

import {
  IntakeHandingOver,
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeSignatureInvalid,
  IntakeUnavailable,
} from '@keel/intake';
import { createLogger } from '@keel/runtime';
import { expect, test } from 'vitest';
import { reportOutages } from '../src/collector/reportOutages.ts';

class Ended extends Error {}

test('a leader that changes, a pause and an overload pass; a fault of ours and of set-up end the process', () => {
  const rows: readonly [Error, 'goes on' | 'ends'][] = [
    [new IntakeUnavailable('x'), 'goes on'],
    [new IntakeHandingOver('x'), 'goes on'],
    [new IntakeOutcomeUnknown('x'), 'goes on'],
    [new IntakePaused('x'), 'goes on'],
    [new IntakeOverloaded('x'), 'goes on'],
    [new IntakeNotAllowed('x'), 'ends'],
    [new IntakeSignatureInvalid('x'), 'ends'],
    [new Error('x'), 'ends'],
  ];
  for (const [fault, expected] of rows) {
    const outages = reportOutages(createLogger({ service: 'price-feed', level: 'silent' }), () => {
      throw new Ended();
    });
    let ended = false;
    try {
      outages.onFault(fault);
    } catch (caught) {
      ended = caught instanceof Ended;
    }
    expect([fault.name, ended ? 'ends' : 'goes on']).toEqual([fault.name, expected]);
  }
});

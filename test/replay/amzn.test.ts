import { assertInvariants } from '@keel/engine';
import { describe, expect, test } from 'vitest';
import { type OrderMessage, readOrderMessages } from './orderMessages.ts';
import { type ReplayReport, replayOrders } from './replayOrders.ts';
import { AMZN, sharedData } from './sharedData.ts';

const file = sharedData(AMZN);
if (file === undefined) process.stderr.write(`recorded orders: skipped, there is no shared data folder with ${AMZN}\n`);

describe.skipIf(file === undefined)('half an hour of recorded orders of one stock', () => {
  const messages = file === undefined ? [] : readOrderMessages(file);

  test('every execution meets its order, but for one that the venue itself did out of turn', () => {
    const { report, state } = replayOrders(messages, { olderFirst: true, silentLeavers: true });
    expect(report).toEqual({
      messages: 40_674,
      newOrders: 17_187,
      newOrdersThatTraded: 0,
      partialCancels: 3,
      cancels: 14_462,
      cancelsOfUnknown: 390,
      executions: {
        total: 5_389,
        restedBefore: 1_343,
        placedUnseen: 577,
        exact: 3_466,
        // At 34410.083697187 s 100 shares took 94 of order 22325925 before 6 of the older 22325905, which lived on.
        venueTookYounger: 1,
        silentInFront: 0,
        // What it left of the younger order instead of the older one was met by the next two.
        tradedBefore: 2,
      },
      hiddenExecutions: 3_632,
      crosses: 1,
      movedAhead: 126,
      leftSilently: { byExecution: 303, byNewOrder: 56 },
      openAtTheEnd: 316,
      commands: 36_760,
      refusals: {},
    } satisfies ReplayReport);
    assertInvariants(state);
  });

  test.each([
    // The file as it stands: two orders of three that are executed have something before them that is not there.
    [
      { olderFirst: false, silentLeavers: false },
      { exact: 2_352, venueTookYounger: 9, silentInFront: 1_059, tradedBefore: 49 },
    ],
    [
      { olderFirst: true, silentLeavers: false },
      { exact: 2_362, venueTookYounger: 0, silentInFront: 1_060, tradedBefore: 47 },
    ],
    [
      { olderFirst: false, silentLeavers: true },
      { exact: 3_453, venueTookYounger: 12, silentInFront: 0, tradedBefore: 4 },
    ],
  ])('%j: what each correction is worth', (corrections, expected) => {
    const { executions } = replayOrders(messages, corrections).report;
    expect(executions).toEqual({ total: 5_389, restedBefore: 1_343, placedUnseen: 577, ...expected });
  });
});

describe('a short recording', () => {
  let line = 0;
  const message = (kind: OrderMessage['kind'], number: number, shares: number, side: OrderMessage['side'] = 'buy') => {
    line += 1;
    return { line, timeMs: line, kind, number, shares, cents: 100_00, side };
  };
  const replay = (...messages: OrderMessage[]) =>
    replayOrders(messages, { olderFirst: true, silentLeavers: true }).report;

  test('first come, first served; a partial cancel keeps its place', () => {
    const { executions, refusals } = replay(
      message('newOrder', 1, 10),
      message('newOrder', 2, 10),
      message('partialCancel', 1, 4),
      message('execution', 1, 6),
      message('execution', 2, 3),
      message('cancel', 2, 7),
    );
    expect(executions).toMatchObject({ total: 2, exact: 2 });
    expect(refusals).toEqual({});
  });

  test('an execution out of turn is not called exact', () => {
    const { executions } = replay(
      message('newOrder', 1, 10),
      message('newOrder', 2, 10),
      message('execution', 2, 10),
      message('execution', 1, 10),
    );
    expect(executions).toMatchObject({ exact: 0, venueTookYounger: 1, tradedBefore: 1 });
  });

  test('an order that is never heard of again makes way; one told of late stands with the first such', () => {
    const report = replay(
      message('newOrder', 5, 10),
      message('newOrder', 4, 10),
      message('newOrder', 7, 10),
      message('newOrder', 6, 10),
      message('execution', 4, 10),
      message('execution', 6, 10),
      message('execution', 7, 10),
      message('execution', 3, 10),
      message('execution', 8, 10),
    );
    expect(report.executions).toMatchObject({ total: 5, exact: 3, restedBefore: 1, placedUnseen: 1 });
    expect(report).toMatchObject({ movedAhead: 2, leftSilently: { byExecution: 1, byNewOrder: 0 } });
  });
});

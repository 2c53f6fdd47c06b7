import {
  type Command,
  type EventBlock,
  REJECT_CODES,
  type RejectCode,
  toAccountId,
  toMarketId,
  toSequence,
} from '@keel/types';
import { expect, it } from 'vitest';
import { RecentOutcomes } from '../src/index.ts';

const SEED = 5;

function leverage(signer: number, nonce: number, leverage: number): Command {
  const address = `0x${String(signer).padStart(40, '0')}` as const;
  const auth = { owner: address, signer: address, subaccount: 0, nonce, expiresAfterMs: 0 };
  const signature = `0x${'33'.repeat(65)}` as const;
  return { kind: 'setLeverage', auth: { ...auth, signature }, marketId: toMarketId(1), leverage };
}

const blockOf = (sequence: number): EventBlock => ({ sequence: toSequence(sequence), timeMs: sequence, events: [] });

it('answers as the table says', () => {
  const { NONCE_ALREADY_USED, COMMAND_EXPIRED } = REJECT_CODES;
  // ann is signer 1, bob signer 2.
  const rows: readonly {
    readonly noted: readonly (readonly [Command, RejectCode | undefined])[];
    readonly asked: Command;
    /** Place of the command in `noted`, from 1, whose outcome is the answer. */
    readonly answer: number | undefined;
  }[] = [
    { noted: [], asked: leverage(1, 100, 5), answer: undefined },
    { noted: [[leverage(1, 100, 5), undefined]], asked: leverage(1, 100, 5), answer: 1 },
    // Another command of the same nonce is not the one that was sent.
    { noted: [[leverage(1, 100, 5), undefined]], asked: leverage(1, 100, 6), answer: undefined },
    { noted: [[leverage(1, 100, 5), undefined]], asked: leverage(2, 100, 5), answer: undefined },
    { noted: [[leverage(1, 100, 5), undefined]], asked: leverage(1, 101, 5), answer: undefined },
    // A refusal is an outcome,
    { noted: [[leverage(1, 100, 5), COMMAND_EXPIRED]], asked: leverage(1, 100, 5), answer: 1 },
    // but not one that says only that there was a first,
    {
      noted: [
        [leverage(1, 100, 5), undefined],
        [leverage(1, 100, 5), NONCE_ALREADY_USED],
      ],
      asked: leverage(1, 100, 5),
      answer: 1,
    },
    // nor a later one that changes nothing of the first,
    {
      noted: [
        [leverage(1, 100, 5), undefined],
        [leverage(1, 100, 6), COMMAND_EXPIRED],
      ],
      asked: leverage(1, 100, 5),
      answer: 1,
    },
    // and whoever was refused with a free nonce may come again.
    {
      noted: [
        [leverage(1, 100, 5), COMMAND_EXPIRED],
        [leverage(1, 100, 5), undefined],
      ],
      asked: leverage(1, 100, 5),
      answer: 2,
    },
  ];
  for (const askedBefore of [false, true]) {
    for (const { noted, asked, answer } of rows) {
      const outcomes = new RecentOutcomes();
      // The index is made at the first question and carried on from then.
      if (askedBefore) outcomes.find(asked);
      noted.forEach(([command, refusal], at) => {
        outcomes.note(command, blockOf(at + 1), refusal);
      });
      expect(outcomes.find(asked)?.sequence).toBe(answer);
    }
  }
});

it('remembers the last so many and no more, whenever it is asked', () => {
  let random = SEED;
  const next = (below: number) => {
    random = (random * 48_271) % 2_147_483_647;
    return random % below;
  };
  const outcomes = new RecentOutcomes(50);
  const judge: number[] = [];
  for (let nonce = 1; nonce <= 5_000; nonce++) {
    outcomes.note(leverage(nonce % 7, nonce, 5), blockOf(nonce), undefined);
    judge.push(nonce);
    if (judge.length > 50) judge.shift();
    // Seldom enough that the index is dropped between some of the questions.
    if (next(60) !== 0) continue;
    const asked = Math.max(1, nonce - next(100));
    expect(outcomes.find(leverage(asked % 7, asked, 5))?.sequence).toBe(judge.includes(asked) ? asked : undefined);
  }
  expect(outcomes.size).toBe(50);
});

it('is bounded by what its commands weigh, too', () => {
  const outcomes = new RecentOutcomes(1_000, 100);
  const events = Array.from({ length: 9 }, () => ({ kind: 'orderRested', orderId: 1, remainingLots: 1 }) as never);
  for (let nonce = 1; nonce <= 500; nonce++)
    outcomes.note(leverage(1, nonce, 5), { ...blockOf(nonce), events }, undefined);
  expect(outcomes.size).toBe(10);
  // The newest is remembered, whatever it weighs.
  outcomes.note(leverage(1, 501, 5), { ...blockOf(501), events: new Array(200).fill(events[0]) }, undefined);
  expect(outcomes.size).toBe(1);
  expect(outcomes.find(leverage(1, 501, 5))?.sequence).toBe(501);
});

it('remembers nothing that nobody signed', () => {
  const outcomes = new RecentOutcomes();
  outcomes.note({ kind: 'sealBatch' }, blockOf(1), undefined);
  expect(outcomes.size).toBe(0);
  expect(outcomes.find({ kind: 'sealBatch' })).toBeUndefined();
});

it('is carried by a snapshot: the newest 2,000, with what they did', () => {
  const outcomes = new RecentOutcomes();
  const placed = (nonce: number): EventBlock => ({
    ...blockOf(nonce),
    events: [{ kind: 'leverageSet', accountId: toAccountId(1), marketId: toMarketId(1), leverage: nonce }],
  });
  for (let nonce = 1; nonce <= 2_500; nonce++) outcomes.note(leverage(1, nonce, 5), placed(nonce), undefined);
  const restarted = new RecentOutcomes();
  const text = JSON.stringify(outcomes.write());
  restarted.read(JSON.parse(text));
  expect(restarted.size).toBe(2_000);
  expect(text.length / 2_000).toBeLessThan(700);
  expect(restarted.find(leverage(1, 500, 5))).toBeUndefined();
  expect(restarted.find(leverage(1, 501, 5))).toEqual(placed(501));
  expect(restarted.find(leverage(1, 501, 6))).toBeUndefined();
  // What has come since pushes the oldest out of the next snapshot, which is the same as that of a node that saw all.
  restarted.note(leverage(1, 2_501, 5), placed(2_501), undefined);
  outcomes.note(leverage(1, 2_501, 5), placed(2_501), undefined);
  expect(restarted.write()).toEqual(outcomes.write());
});

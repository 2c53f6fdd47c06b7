import { encodeCommand, encodeSequencedCommand } from '@keel/codec';
import { recordHashOf } from '@keel/journal';
import { Exchange, emptyParts, toHex } from '@keel/replica';
import { type Command, toSequence } from '@keel/types';
import { expect, test } from 'vitest';
import { type AuditInput, type AuditNode, type AuditRecord, audit } from './audit.ts';
import { type Ack, answerOf } from './load.ts';
import { depositOf, orderOf } from './tradersOrders.ts';

const START_MS = 1_700_000_000_000;

/** A run in which nothing went wrong: ten deposits, an order, its retry that was sequenced behind it, more orders. */
function goodRun(twice: readonly Command[] = []): { acks: Ack[]; givenUp: AuditInput['givenUp']; nodes: AuditNode[] } {
  const order = (trader: number, turn: number): Command => orderOf(trader, turn, START_MS + turn);
  const commands: Command[] = Array.from({ length: 10 }, (_, trader) => depositOf(trader));
  commands.push(order(1, 1), order(1, 1), order(2, 1), order(3, 2), order(4, 3), ...twice);
  const exchange = new Exchange(emptyParts());
  const records: AuditRecord[] = [];
  const acks: Ack[] = [];
  let hash: Uint8Array = new Uint8Array(32);
  for (const [index, command] of commands.entries()) {
    const sequenced = { sequence: toSequence(index + 1), timeMs: START_MS + index, command };
    const payload = encodeSequencedCommand(sequenced);
    hash = recordHashOf(hash, sequenced.sequence, payload);
    records.push({ sequence: sequenced.sequence, payload });
    const { events } = exchange.apply(sequenced, toHex(hash));
    const bytes = Buffer.from(encodeCommand(command));
    const block = { sequence: sequenced.sequence, timeMs: sequenced.timeMs, events };
    // The retry was answered with what its first did; the last order was given up.
    if (index === 11) acks.push({ ...(acks[10] as Ack), repeated: true });
    else if (index < 14)
      acks.push({ bytes, sequence: index + 1, answer: answerOf(block), repeated: false, atMs: index });
  }
  const end = { sequence: records.length, stateRoot: exchange.stateRoot() };
  const nodes = ['a', 'b', 'c'].map((nodeId) => ({ nodeId, records: [...records], ...end }));
  const last = commands[14] as Command;
  return { acks, givenUp: [{ bytes: Buffer.from(encodeCommand(last)), why: 'IntakeOutcomeUnknown', atMs: 0 }], nodes };
}

/** A copy with one byte changed. */
function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

test('a good run passes', () => {
  const { faults, ...verdict } = audit(goodRun());
  expect(faults).toEqual([]);
  expect(verdict).toMatchObject({ acked: 14, repeated: 1, givenUp: 1, givenUpInLog: 1, refusedAgain: 1 });
});

type Run = ReturnType<typeof goodRun>;

/** What is done to the good run, and what the auditor has to say then. */
const WRONGS: readonly (readonly [string, (run: Run) => void, RegExp])[] = [
  [
    'the last record is gone from all journals, and it was acknowledged',
    (run) => {
      run.nodes = run.nodes.map((node) => ({ ...node, records: node.records.slice(0, 12) }));
    },
    /command 13 was acknowledged and is not in the log: lost/,
  ],
  [
    'a record is gone from the middle',
    (run) => {
      run.nodes = run.nodes.map((node) => ({ ...node, records: node.records.toSpliced(4, 1) }));
    },
    /the journal of a has 6 where 5 should be/,
  ],
  [
    'a record stands there twice',
    (run) => {
      const [a] = run.nodes as [AuditNode, AuditNode, AuditNode];
      const double = { ...(a.records[14] as AuditRecord), sequence: 16 };
      run.nodes = run.nodes.map((node) => ({ ...node, records: [...node.records, double], sequence: 16 }));
    },
    /command 16 of a cannot be replayed/,
  ],
  [
    'one node lacks the last record',
    (run) => {
      const [a, b, c] = run.nodes as [AuditNode, AuditNode, AuditNode];
      run.nodes = [a, b, { ...c, records: c.records.slice(0, 14), sequence: 14 }];
    },
    /c ends at 14, a at 15/,
  ],
  [
    'one byte of one node is another',
    (run) => {
      const [a, b, c] = run.nodes as [AuditNode, AuditNode, AuditNode];
      const { sequence, payload } = a.records[12] as AuditRecord;
      const records = a.records.with(12, { sequence, payload: flipped(payload, payload.length - 3) });
      run.nodes = [a, { ...b, records }, c];
    },
    /command 13 of b is another one than that of a/,
  ],
  [
    'one byte of an acknowledged command is another',
    (run) => {
      const ack = run.acks[12] as Ack;
      run.acks[12] = { ...ack, bytes: flipped(ack.bytes, 20) };
    },
    /command 13 was acknowledged, and the log has another one there/,
  ],
  [
    'an acknowledgement named the sequence before',
    (run) => {
      const ack = run.acks[12] as Ack;
      run.acks[12] = { ...ack, sequence: 12 };
    },
    /command 12 was acknowledged, and the log has another one there/,
  ],
  [
    'a trader was told of something else than happened',
    (run) => {
      const ack = run.acks[12] as Ack;
      run.acks[12] = { ...ack, answer: (run.acks[13] as Ack).answer };
    },
    /command 13 was acknowledged with another answer than its replay gives/,
  ],
  [
    'a retry was answered with what another command did',
    (run) => {
      run.acks[11] = { ...(run.acks[13] as Ack), bytes: (run.acks[11] as Ack).bytes, repeated: true };
    },
    /command 14 was repeated, and the log has another one there/,
  ],
  [
    'a node says that it has another state',
    (run) => {
      const [a, b, c] = run.nodes as [AuditNode, AuditNode, AuditNode];
      run.nodes = [a, b, { ...c, stateRoot: `0x${'0'.repeat(64)}` }];
    },
    /c has the state root 0x0+, its journal leads to 0x/,
  ],
];

test.each(WRONGS)('%s: found', (_, spoil, sentence) => {
  const run = goodRun();
  spoil(run);
  expect(audit(run).faults.join('\n')).toMatch(sentence);
});

test('a command that did something both times that it was sequenced: found', () => {
  // Refused at first, for its trader has no account yet; then carried out.
  const order = orderOf(20, 1, START_MS + 9);
  const { faults } = audit(
    goodRun([order, { ...(depositOf(20) as Command & { kind: 'creditDeposit' }), depositIndex: 10 }, order]),
  );
  expect(faults).toEqual(['one command was carried out 2 times: 16, 18']);
});

import { decodeSequencedCommand, encodeCommand } from '@keel/codec';
import { recordHashOf } from '@keel/journal';
import { Exchange, emptyParts, toHex } from '@keel/replica';
import { type Event, REJECT_CODES } from '@keel/types';
import { type Ack, answerOf, type GivenUp } from './load.ts';

/** One record of a node's journal, as its file has it. */
export interface AuditRecord {
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Everything that one node is left with. */
export interface AuditNode {
  readonly nodeId: string;
  readonly records: readonly AuditRecord[];
  /** What the node itself said at its end. */
  readonly sequence: number;
  readonly stateRoot: string;
}

export interface AuditInput {
  readonly acks: readonly Ack[];
  readonly givenUp: readonly GivenUp[];
  readonly nodes: readonly AuditNode[];
}

export interface Verdict {
  /** One sentence each; none = all is well. */
  readonly faults: readonly string[];
  readonly acked: number;
  readonly repeated: number;
  readonly givenUp: number;
  /** Given up with unknown outcome, and in the log all the same. */
  readonly givenUpInLog: number;
  /** Sequenced twice and refused the second time. */
  readonly refusedAgain: number;
  readonly lastSequence: number;
  readonly stateRoot: string;
}

const FAULTS_MAX = 20;
const ZERO_HASH = new Uint8Array(32);

/**
 * Judges what is left after a run by what was promised during it. It believes no node: it replays the longest journal by
 * itself and compares bytes, answers and roots with that.
 */
export function audit({ acks, givenUp, nodes }: AuditInput): Verdict {
  const faults: string[] = [];
  const fault = (sentence: string): void => {
    if (faults.length < FAULTS_MAX) faults.push(sentence);
  };
  const [longest] = [...nodes].sort((one, other) => other.records.length - one.records.length);
  if (longest === undefined) throw new Error('there is nothing to audit');
  for (const node of nodes) checkGapless(node, fault);
  const replayed = replay(longest, fault);
  for (const node of nodes) checkNode(node, longest, replayed, fault);
  for (const ack of acks) checkAck(ack, replayed, fault);
  let givenUpInLog = 0;
  for (const { bytes } of givenUp) if (replayed.sequencesOf.has(bytes.toString('latin1'))) givenUpInLog += 1;
  const refusedAgain = checkTwice(replayed, fault);
  return {
    faults,
    acked: acks.length,
    repeated: acks.filter(({ repeated }) => repeated).length,
    givenUp: givenUp.length,
    givenUpInLog,
    refusedAgain,
    lastSequence: replayed.commands.length,
    stateRoot: replayed.stateRoot,
  };
}

interface ReplayedCommand {
  readonly bytes: string;
  readonly answer: string;
  readonly signed: boolean;
  /** It was refused because its nonce was used, or too old to know: it did nothing. */
  readonly nonceRefused: boolean;
}

interface Replayed {
  /** Of sequence 1 first. */
  readonly commands: readonly ReplayedCommand[];
  readonly hashes: readonly string[];
  readonly sequencesOf: ReadonlyMap<string, readonly number[]>;
  readonly stateRoot: string;
}

type Fault = (sentence: string) => void;

function checkGapless({ nodeId, records }: AuditNode, fault: Fault): void {
  const gap = records.findIndex(({ sequence }, index) => sequence !== index + 1);
  if (gap !== -1) fault(`the journal of ${nodeId} has ${records[gap]?.sequence} where ${gap + 1} should be`);
}

function replay({ nodeId, records }: AuditNode, fault: Fault): Replayed {
  const exchange = new Exchange(emptyParts());
  const commands: ReplayedCommand[] = [];
  const hashes: string[] = [];
  const sequencesOf = new Map<string, number[]>();
  let hash: Uint8Array = ZERO_HASH;
  for (const { sequence, payload } of records) {
    hash = recordHashOf(hash, sequence, payload);
    hashes.push(toHex(hash));
    try {
      const sequenced = decodeSequencedCommand(payload);
      const { events } = exchange.apply(sequenced, toHex(hash));
      const bytes = Buffer.from(encodeCommand(sequenced.command)).toString('latin1');
      const { timeMs } = sequenced;
      const signed = 'auth' in sequenced.command;
      const answer = answerOf({ sequence: sequenced.sequence, timeMs, events });
      commands.push({ bytes, answer, signed, nonceRefused: isNonceRefusal(events) });
      const sequences = sequencesOf.get(bytes);
      if (sequences === undefined) sequencesOf.set(bytes, [sequence]);
      else sequences.push(sequence);
    } catch (reason) {
      fault(`command ${sequence} of ${nodeId} cannot be replayed: ${String(reason)}`);
      break;
    }
    if (sequence % 1_000 === 0) exchange.takeChanges();
  }
  return { commands, hashes, sequencesOf, stateRoot: exchange.stateRoot() };
}

function isNonceRefusal(events: readonly Event[]): boolean {
  const [event] = events;
  if (event?.kind !== 'commandRejected') return false;
  return event.code === REJECT_CODES.NONCE_ALREADY_USED || event.code === REJECT_CODES.NONCE_TOO_OLD;
}

/** The node's journal is the beginning of the longest one, and its state is what that journal leads to. */
function checkNode(node: AuditNode, longest: AuditNode, { hashes, stateRoot }: Replayed, fault: Fault): void {
  const { nodeId, records } = node;
  let hash: Uint8Array = ZERO_HASH;
  for (const [index, { sequence, payload }] of records.entries()) {
    hash = recordHashOf(hash, sequence, payload);
    if (toHex(hash) === hashes[index]) continue;
    fault(`command ${sequence} of ${nodeId} is another one than that of ${longest.nodeId}`);
    return;
  }
  if (records.length !== node.sequence)
    fault(`${nodeId} said that it ends at ${node.sequence}, its journal ends at ${records.length}`);
  if (records.length !== longest.records.length)
    fault(`${nodeId} ends at ${records.length}, ${longest.nodeId} at ${longest.records.length}`);
  else if (node.stateRoot !== stateRoot)
    fault(`${nodeId} has the state root ${node.stateRoot}, its journal leads to ${stateRoot}`);
}

function checkAck({ bytes, sequence, answer, repeated }: Ack, { commands }: Replayed, fault: Fault): void {
  const command = commands[sequence - 1];
  const what = repeated ? 'repeated' : 'acknowledged';
  if (command === undefined) fault(`command ${sequence} was ${what} and is not in the log: lost`);
  else if (command.bytes !== bytes.toString('latin1'))
    fault(`command ${sequence} was ${what}, and the log has another one there`);
  else if (command.answer !== answer)
    fault(`command ${sequence} was ${what} with another answer than its replay gives`);
}

/** A command may stand in the log again behind a retry, but then it must have done nothing. Returns how often it does. */
function checkTwice({ commands, sequencesOf }: Replayed, fault: Fault): number {
  let again = 0;
  for (const sequences of sequencesOf.values()) {
    if (sequences.length === 1) continue;
    const listed = sequences.map((sequence) => [sequence, commands[sequence - 1] as ReplayedCommand] as const);
    if (!listed.some(([, { signed }]) => signed)) continue;
    again += sequences.length - 1;
    const done = listed.filter(([, { nonceRefused }]) => !nonceRefused).map(([sequence]) => sequence);
    if (done.length > 1) fault(`one command was carried out ${done.length} times: ${done.join(', ')}`);
  }
  return again;
}

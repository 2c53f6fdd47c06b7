import { toBinary } from '@bufbuild/protobuf';
import {
  type Checkpoint as CheckpointMessage,
  ClusterIdentitySchema,
  HandOverSchema,
  LeaderSchema,
  LogBlockSchema,
  NodeReportSchema,
  PauseSchema,
  TermSchema,
} from '@keel/proto/cluster';
import type { Address, Hex } from '@keel/types';
import { addressToBytes, bytesToAddress, bytesToHex, HASH_BYTES, hexToBytes } from './bytes.ts';
import { CodecError } from './codecError.ts';
import { fromPositiveUint64, fromUint64, toUint32, toUint64 } from './integers.ts';
import { known, parseMessage } from './message.ts';
import { fromText, toText } from './text.ts';

/** Bytes of the random names of clusters, directories and runs of a process. */
const RANDOM_ID_BYTES = 16;
/** Longest text of a report: an address, a reason. */
const TEXT_CHARACTERS_MAX = 300;

/** The state's root after a command. */
export interface Checkpoint {
  readonly sequence: number;
  readonly stateRoot: Hex;
}

/** One entry of a cluster's log; see cluster.proto. */
export interface LogBlock {
  readonly height: number;
  readonly epoch: number;
  /** 32 bytes. */
  readonly previousHash: Uint8Array;
  readonly firstSequence: number;
  /** SequencedCommand each, at least one. */
  readonly payloads: readonly Uint8Array[];
  readonly checkpoint: Checkpoint | undefined;
}

export interface ClusterIdentity {
  readonly chainId: number;
  readonly settlementAddress: Address;
  readonly format: number;
  /** 16 bytes. */
  readonly clusterId: Hex;
  readonly members: number;
  /** Of the last command before the log's first block. */
  readonly baseSequence: number;
  readonly baseHash: Hex;
}

/** Who leads; the key's create revision is the epoch. */
export interface LeaderRecord {
  readonly nodeId: string;
  /** 16 bytes, new at each start of a process. */
  readonly instanceId: Hex;
  readonly intakeUrl: string;
  readonly sinceMs: number;
}

export const NODE_ROLES = ['starting', 'joining', 'following', 'standing', 'leading', 'halted'] as const;
export type NodeRole = (typeof NODE_ROLES)[number];

/** What a node tells of itself; see cluster.proto. */
export interface NodeReport {
  readonly nodeId: string;
  readonly instanceId: Hex;
  readonly directoryId: Hex;
  readonly role: NodeRole;
  /** Why it does not stand; empty = it would. */
  readonly notStanding: string;
  readonly intakeUrl: string;
  readonly adminUrl: string;
  readonly sequence: number;
  readonly durableSequence: number;
  readonly snapshotSequence: number;
  readonly height: number;
  readonly wallMs: number;
  readonly version: string;
  readonly engineVersion: number;
  readonly checkpoint: Checkpoint | undefined;
}

/** One leadership, for people. */
export interface TermRecord {
  readonly epoch: number;
  readonly nodeId: string;
  readonly sinceMs: number;
  readonly reason: string;
  readonly firstHeight: number;
  readonly takeOverMs: number;
  /** How long nothing was acknowledged before it. */
  readonly silentMs: number;
}

export interface HandOverRecord {
  readonly toNodeId: string;
  readonly fromNodeId: string;
  readonly atMs: number;
}

export interface PauseRecord {
  readonly reason: string;
  readonly sinceMs: number;
}

export function encodeLogBlock(block: LogBlock): Uint8Array {
  return toBinary(LogBlockSchema, {
    $typeName: 'keel.v1.LogBlock',
    height: toUint64(block.height, 'height'),
    epoch: toUint64(block.epoch, 'epoch'),
    previousHash: block.previousHash,
    firstSequence: toUint64(block.firstSequence, 'firstSequence'),
    payloads: [...block.payloads],
    ...checkpointField(block.checkpoint),
  });
}

/** Throws CodecError. Strict: a reader that skipped what it does not know would hold another log. */
export function decodeLogBlock(bytes: Uint8Array): LogBlock {
  const message = known(parseMessage(LogBlockSchema, bytes, 'logBlock'), 'logBlock');
  if (message.payloads.length === 0) throw new CodecError('MISSING_FIELD', 'payloads', 'at least one');
  return {
    height: fromPositiveUint64(message.height, 'height'),
    epoch: fromPositiveUint64(message.epoch, 'epoch'),
    previousHash: ofLength(message.previousHash, HASH_BYTES, 'previousHash'),
    firstSequence: fromPositiveUint64(message.firstSequence, 'firstSequence'),
    payloads: message.payloads,
    checkpoint: checkpointOf(message.checkpoint),
  };
}

export function encodeClusterIdentity(identity: ClusterIdentity): Uint8Array {
  return toBinary(ClusterIdentitySchema, {
    $typeName: 'keel.v1.ClusterIdentity',
    chainId: toUint64(identity.chainId, 'chainId'),
    settlementAddress: addressToBytes(identity.settlementAddress, 'settlementAddress'),
    format: toUint32(identity.format, 'format'),
    clusterId: hexToBytes(identity.clusterId, RANDOM_ID_BYTES, 'clusterId'),
    members: toUint32(identity.members, 'members'),
    baseSequence: toUint64(identity.baseSequence, 'baseSequence'),
    baseHash: hexToBytes(identity.baseHash, HASH_BYTES, 'baseHash'),
  });
}

/** Throws CodecError. */
export function decodeClusterIdentity(bytes: Uint8Array): ClusterIdentity {
  const message = parseMessage(ClusterIdentitySchema, bytes, 'clusterIdentity');
  return {
    chainId: fromPositiveUint64(message.chainId, 'chainId'),
    settlementAddress: bytesToAddress(message.settlementAddress, 'settlementAddress'),
    format: message.format,
    clusterId: bytesToHex(message.clusterId, RANDOM_ID_BYTES, 'clusterId'),
    members: message.members,
    baseSequence: fromUint64(message.baseSequence, 'baseSequence'),
    baseHash: bytesToHex(message.baseHash, HASH_BYTES, 'baseHash'),
  };
}

export function encodeLeader(leader: LeaderRecord): Uint8Array {
  return toBinary(LeaderSchema, {
    $typeName: 'keel.v1.Leader',
    nodeId: toText(leader.nodeId, TEXT_CHARACTERS_MAX, 'nodeId'),
    instanceId: hexToBytes(leader.instanceId, RANDOM_ID_BYTES, 'instanceId'),
    intakeUrl: toText(leader.intakeUrl, TEXT_CHARACTERS_MAX, 'intakeUrl'),
    sinceMs: toUint64(leader.sinceMs, 'sinceMs'),
  });
}

/** Throws CodecError. Fields that this version does not know are passed over: a newer node may lead. */
export function decodeLeader(bytes: Uint8Array): LeaderRecord {
  const message = parseMessage(LeaderSchema, bytes, 'leader');
  return {
    nodeId: fromText(message.nodeId, TEXT_CHARACTERS_MAX, 'nodeId'),
    instanceId: bytesToHex(message.instanceId, RANDOM_ID_BYTES, 'instanceId'),
    intakeUrl: fromText(message.intakeUrl, TEXT_CHARACTERS_MAX, 'intakeUrl'),
    sinceMs: fromUint64(message.sinceMs, 'sinceMs'),
  };
}

export function encodeNodeReport(report: NodeReport): Uint8Array {
  return toBinary(NodeReportSchema, {
    $typeName: 'keel.v1.NodeReport',
    nodeId: toText(report.nodeId, TEXT_CHARACTERS_MAX, 'nodeId'),
    instanceId: hexToBytes(report.instanceId, RANDOM_ID_BYTES, 'instanceId'),
    directoryId: hexToBytes(report.directoryId, RANDOM_ID_BYTES, 'directoryId'),
    role: report.role,
    notStanding: report.notStanding.slice(0, TEXT_CHARACTERS_MAX),
    intakeUrl: toText(report.intakeUrl, TEXT_CHARACTERS_MAX, 'intakeUrl'),
    adminUrl: toText(report.adminUrl, TEXT_CHARACTERS_MAX, 'adminUrl'),
    sequence: toUint64(report.sequence, 'sequence'),
    durableSequence: toUint64(report.durableSequence, 'durableSequence'),
    snapshotSequence: toUint64(report.snapshotSequence, 'snapshotSequence'),
    height: toUint64(report.height, 'height'),
    wallMs: toUint64(report.wallMs, 'wallMs'),
    version: toText(report.version, TEXT_CHARACTERS_MAX, 'version'),
    engineVersion: toUint32(report.engineVersion, 'engineVersion'),
    ...checkpointField(report.checkpoint),
  });
}

/** Throws CodecError. Fields that this version does not know are passed over. */
export function decodeNodeReport(bytes: Uint8Array): NodeReport {
  const message = parseMessage(NodeReportSchema, bytes, 'nodeReport');
  const role = NODE_ROLES.find((each) => each === message.role);
  if (role === undefined) throw new CodecError('UNKNOWN_VALUE', 'role', message.role.slice(0, 40));
  return {
    nodeId: fromText(message.nodeId, TEXT_CHARACTERS_MAX, 'nodeId'),
    instanceId: bytesToHex(message.instanceId, RANDOM_ID_BYTES, 'instanceId'),
    directoryId: bytesToHex(message.directoryId, RANDOM_ID_BYTES, 'directoryId'),
    role,
    notStanding: fromText(message.notStanding, TEXT_CHARACTERS_MAX, 'notStanding'),
    intakeUrl: fromText(message.intakeUrl, TEXT_CHARACTERS_MAX, 'intakeUrl'),
    adminUrl: fromText(message.adminUrl, TEXT_CHARACTERS_MAX, 'adminUrl'),
    sequence: fromUint64(message.sequence, 'sequence'),
    durableSequence: fromUint64(message.durableSequence, 'durableSequence'),
    snapshotSequence: fromUint64(message.snapshotSequence, 'snapshotSequence'),
    height: fromUint64(message.height, 'height'),
    wallMs: fromUint64(message.wallMs, 'wallMs'),
    version: fromText(message.version, TEXT_CHARACTERS_MAX, 'version'),
    engineVersion: message.engineVersion,
    checkpoint: checkpointOf(message.checkpoint),
  };
}

export function encodeTerm(term: TermRecord): Uint8Array {
  return toBinary(TermSchema, {
    $typeName: 'keel.v1.Term',
    epoch: toUint64(term.epoch, 'epoch'),
    nodeId: toText(term.nodeId, TEXT_CHARACTERS_MAX, 'nodeId'),
    sinceMs: toUint64(term.sinceMs, 'sinceMs'),
    reason: term.reason.slice(0, TEXT_CHARACTERS_MAX),
    firstHeight: toUint64(term.firstHeight, 'firstHeight'),
    takeOverMs: toUint32(term.takeOverMs, 'takeOverMs'),
    silentMs: toUint32(term.silentMs, 'silentMs'),
  });
}

/** Throws CodecError. */
export function decodeTerm(bytes: Uint8Array): TermRecord {
  const message = parseMessage(TermSchema, bytes, 'term');
  return {
    epoch: fromUint64(message.epoch, 'epoch'),
    nodeId: fromText(message.nodeId, TEXT_CHARACTERS_MAX, 'nodeId'),
    sinceMs: fromUint64(message.sinceMs, 'sinceMs'),
    reason: fromText(message.reason, TEXT_CHARACTERS_MAX, 'reason'),
    firstHeight: fromUint64(message.firstHeight, 'firstHeight'),
    takeOverMs: message.takeOverMs,
    silentMs: message.silentMs,
  };
}

export function encodeHandOver(handOver: HandOverRecord): Uint8Array {
  return toBinary(HandOverSchema, {
    $typeName: 'keel.v1.HandOver',
    toNodeId: toText(handOver.toNodeId, TEXT_CHARACTERS_MAX, 'toNodeId'),
    fromNodeId: toText(handOver.fromNodeId, TEXT_CHARACTERS_MAX, 'fromNodeId'),
    atMs: toUint64(handOver.atMs, 'atMs'),
  });
}

/** Throws CodecError. */
export function decodeHandOver(bytes: Uint8Array): HandOverRecord {
  const message = parseMessage(HandOverSchema, bytes, 'handOver');
  return {
    toNodeId: fromText(message.toNodeId, TEXT_CHARACTERS_MAX, 'toNodeId'),
    fromNodeId: fromText(message.fromNodeId, TEXT_CHARACTERS_MAX, 'fromNodeId'),
    atMs: fromUint64(message.atMs, 'atMs'),
  };
}

export function encodePause(pause: PauseRecord): Uint8Array {
  return toBinary(PauseSchema, {
    $typeName: 'keel.v1.Pause',
    reason: toText(pause.reason, TEXT_CHARACTERS_MAX, 'reason'),
    sinceMs: toUint64(pause.sinceMs, 'sinceMs'),
  });
}

/** Throws CodecError. */
export function decodePause(bytes: Uint8Array): PauseRecord {
  const message = parseMessage(PauseSchema, bytes, 'pause');
  return {
    reason: fromText(message.reason, TEXT_CHARACTERS_MAX, 'reason'),
    sinceMs: fromUint64(message.sinceMs, 'sinceMs'),
  };
}

function checkpointField(checkpoint: Checkpoint | undefined): { readonly checkpoint?: CheckpointMessage } {
  if (checkpoint === undefined) return {};
  return {
    checkpoint: {
      $typeName: 'keel.v1.Checkpoint',
      sequence: toUint64(checkpoint.sequence, 'checkpoint.sequence'),
      stateRoot: hexToBytes(checkpoint.stateRoot, HASH_BYTES, 'checkpoint.stateRoot'),
    },
  };
}

function checkpointOf(message: CheckpointMessage | undefined): Checkpoint | undefined {
  if (message === undefined) return undefined;
  return {
    sequence: fromUint64(message.sequence, 'checkpoint.sequence'),
    stateRoot: bytesToHex(message.stateRoot, HASH_BYTES, 'checkpoint.stateRoot'),
  };
}

function ofLength(bytes: Uint8Array, length: number, field: string): Uint8Array {
  if (bytes.length !== length) throw new CodecError('WRONG_LENGTH', field, `${bytes.length} bytes, not ${length}`);
  return bytes;
}

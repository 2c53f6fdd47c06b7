import { type Static, Type } from 'typebox';

/**
 * What the admin port of a sequencer answers, as far as it is read here. A newer node may say more; what an older one does
 * not say is shown as a dash. What is there must have the right form.
 */
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const text = Type.String();
const orNull = <Schema extends Parameters<typeof Type.Optional>[0]>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

const checkpoint = Type.Object({ sequence: count, stateRoot: text });
const pause = Type.Object({ reason: text, sinceMs: Type.Optional(count) });
const leader = Type.Object({
  nodeId: text,
  epoch: Type.Optional(count),
  intakeUrl: Type.Optional(text),
  adminUrl: Type.Optional(text),
  sinceMs: Type.Optional(count),
});

export const statusSchema = Type.Object({
  sequence: count,
  timeMs: count,
  lastBatchIndex: Type.Integer({ minimum: -1 }),
  accounts: Type.Optional(count),
  openOrders: Type.Optional(count),
  stateRoot: Type.Optional(text),
  openBatchCommands: Type.Optional(count),
  waitingCommands: Type.Optional(count),
  readModel: Type.Optional(
    Type.Object({
      connected: Type.Boolean(),
      lagCommands: Type.Integer(),
      rebuilds: Type.Optional(count),
      policy: orNull(text),
      refusal: orNull(text),
      fenced: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    }),
  ),
  role: Type.Optional(text),
  nodeId: Type.Optional(text),
  epoch: Type.Optional(count),
  height: Type.Optional(count),
  leader: orNull(Type.Union([leader, text])),
  durableSequence: Type.Optional(count),
  snapshotSequence: Type.Optional(count),
  checkpoint: orNull(checkpoint),
  lagCommands: Type.Optional(Type.Integer()),
  notStanding: orNull(text),
  paused: Type.Optional(Type.Union([Type.Boolean(), pause, text, Type.Null()])),
  wallMs: Type.Optional(count),
  version: Type.Optional(text),
  /** Of the engine's rules in force. */
  engineVersion: Type.Optional(count),
});

export const nodeReportSchema = Type.Object({
  nodeId: text,
  role: text,
  notStanding: orNull(text),
  intakeUrl: Type.Optional(text),
  adminUrl: Type.Optional(text),
  sequence: count,
  durableSequence: count,
  snapshotSequence: count,
  height: Type.Optional(count),
  wallMs: Type.Optional(count),
  version: Type.Optional(text),
  engineVersion: Type.Optional(count),
  checkpoint: orNull(checkpoint),
});

export const termSchema = Type.Object({
  epoch: count,
  nodeId: text,
  sinceMs: count,
  reason: text,
  firstHeight: Type.Optional(count),
  takeOverMs: Type.Optional(count),
  silentMs: Type.Optional(count),
});

export const storeMemberSchema = Type.Object({
  endpoint: text,
  version: orNull(text),
  dbBytes: orNull(count),
  dbBytesInUse: orNull(count),
  isLeader: orNull(Type.Boolean()),
  alarms: orNull(Type.Array(text)),
  error: orNull(text),
});

export const clusterSchema = Type.Object({
  identity: orNull(
    Type.Object({
      members: Type.Optional(count),
      chainId: Type.Optional(count),
      settlementAddress: Type.Optional(text),
      clusterId: Type.Optional(text),
    }),
  ),
  leader: orNull(leader),
  nodes: Type.Array(nodeReportSchema),
  terms: Type.Array(termSchema),
  log: orNull(Type.Object({ firstHeight: orNull(count), lastHeight: count, blocks: count })),
  store: orNull(Type.Object({ members: Type.Array(storeMemberSchema) })),
  takeoversLastMinute: Type.Optional(count),
  paused: Type.Optional(Type.Union([Type.Boolean(), pause, text, Type.Null()])),
});

export type NodeStatus = Static<typeof statusSchema>;
export type ClusterAnswer = Static<typeof clusterSchema>;
export type NodeReportAnswer = Static<typeof nodeReportSchema>;
export type TermAnswer = Static<typeof termSchema>;
export type StoreMember = Static<typeof storeMemberSchema>;

export {
  type Checkpoint,
  type ClusterIdentity,
  decodeClusterIdentity,
  decodeHandOver,
  decodeLeader,
  decodeLogBlock,
  decodeNodeReport,
  decodePause,
  decodeTerm,
  encodeClusterIdentity,
  encodeHandOver,
  encodeLeader,
  encodeLogBlock,
  encodeNodeReport,
  encodePause,
  encodeTerm,
  type HandOverRecord,
  type LeaderRecord,
  type LogBlock,
  type NodeReport,
  type NodeRole,
  type PauseRecord,
  type TermRecord,
} from './clusterMessages.ts';
export { CodecError, type CodecErrorCode } from './codecError.ts';
export { decodeCommand, encodeCommand } from './command.ts';
export { decodeEventBlock, encodeEventBlock } from './eventBlock.ts';
export {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  type IntakeRole,
  type RefusalReason,
  type ServerFrame,
} from './intakeFrames.ts';
export { COMMAND_BYTES_MAX } from './limits.ts';
export { decodeSequencedCommand, encodeSequencedCommand } from './sequencedCommand.ts';

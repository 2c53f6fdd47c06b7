import { toBinary } from '@bufbuild/protobuf';
import {
  type ClientFrame as ClientFrameMessage,
  ClientFrameSchema,
  RefusalReason as RefusalReasonNumber,
  Role as RoleNumber,
  type ServerFrame as ServerFrameMessage,
  ServerFrameSchema,
} from '@keel/proto/intake';
import type { Command, EventBlock, SealedBatch, SequencerStatus } from '@keel/types';
import { CodecError } from './codecError.ts';
import { commandFromMessage } from './commandFromMessage.ts';
import { commandToMessage } from './commandToMessage.ts';
import { enumReader } from './enums.ts';
import { eventBlockFromMessage, eventBlockToMessage } from './eventBlock.ts';
import { fromUint64, toUint32, toUint64 } from './integers.ts';
import { known, parseMessage } from './message.ts';
import {
  sealedBatchFromMessage,
  sealedBatchToMessage,
  sequencerStatusFromMessage,
  sequencerStatusToMessage,
} from './settlementMessages.ts';
import { fromText, toText } from './text.ts';

/** What a connection to the sequencer may ask for. */
export type IntakeRole = 'gateway' | 'priceFeed' | 'settler' | 'operator';

/** Why a request was not done. */
export type RefusalReason =
  | 'overloaded'
  | 'notAllowed'
  | 'signatureInvalid'
  | 'paused'
  | 'handingOver'
  | 'unavailable'
  | 'outcomeUnknown'
  | 'versionUnknown';

/** Client to server. `requestId` is 0 with hello, from 1 in requests. */
export type ClientFrame = { readonly requestId: number } & (
  | { readonly kind: 'hello'; readonly token: string; readonly role: IntakeRole }
  /** `retry`: it may be sequenced already, and then its original outcome is the answer. */
  | { readonly kind: 'submit'; readonly command: Command; readonly retry: boolean }
  | { readonly kind: 'batch'; readonly batchIndex: number }
  | { readonly kind: 'status' }
);

/** Server to client. `requestId` is 0 with welcome and with a notLeader that answers no request, else the request's. */
export type ServerFrame = { readonly requestId: number } & (
  | { readonly kind: 'welcome'; readonly inFlightMax: number }
  /** `repeated`: the command was sequenced before this request, and this is what it did then. */
  | { readonly kind: 'submitted'; readonly block: EventBlock; readonly repeated: boolean }
  | { readonly kind: 'batch'; readonly batch: SealedBatch | undefined }
  | { readonly kind: 'status'; readonly status: SequencerStatus }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  /** Nothing was sequenced. `leaderUrl` is a hint; undefined = this node knows of none. */
  | { readonly kind: 'notLeader'; readonly leaderUrl: string | undefined }
);

const TOKEN_CHARACTERS_MAX = 256;
const URL_CHARACTERS_MAX = 256;

const ROLE_NUMBERS = {
  gateway: RoleNumber.GATEWAY,
  priceFeed: RoleNumber.PRICE_FEED,
  settler: RoleNumber.SETTLER,
  operator: RoleNumber.OPERATOR,
} as const satisfies Record<IntakeRole, number>;

const REFUSAL_REASON_NUMBERS = {
  overloaded: RefusalReasonNumber.OVERLOADED,
  notAllowed: RefusalReasonNumber.NOT_ALLOWED,
  signatureInvalid: RefusalReasonNumber.SIGNATURE_INVALID,
  paused: RefusalReasonNumber.PAUSED,
  handingOver: RefusalReasonNumber.HANDING_OVER,
  unavailable: RefusalReasonNumber.UNAVAILABLE,
  outcomeUnknown: RefusalReasonNumber.OUTCOME_UNKNOWN,
  versionUnknown: RefusalReasonNumber.VERSION_UNKNOWN,
} as const satisfies Record<RefusalReason, number>;

const fromRole = enumReader(ROLE_NUMBERS);
const fromRefusalReason = enumReader(REFUSAL_REASON_NUMBERS);

/** A value that does not fit is a fault of ours. */
export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  return toBinary(ClientFrameSchema, {
    $typeName: 'keel.v1.ClientFrame',
    requestId: toUint32(frame.requestId, 'requestId'),
    body: clientBody(frame),
  });
}

function clientBody(frame: ClientFrame): ClientFrameMessage['body'] {
  switch (frame.kind) {
    case 'submit':
      return {
        case: 'submit',
        value: {
          $typeName: 'keel.v1.SubmitRequest',
          command: commandToMessage(frame.command),
          retry: frame.retry,
        },
      };
    case 'batch':
      return {
        case: 'batch',
        value: { $typeName: 'keel.v1.BatchRequest', batchIndex: toUint64(frame.batchIndex, 'batchIndex') },
      };
    case 'status':
      return { case: 'status', value: { $typeName: 'keel.v1.StatusRequest' } };
    case 'hello':
      return {
        case: 'hello',
        value: {
          $typeName: 'keel.v1.Hello',
          token: toText(frame.token, TOKEN_CHARACTERS_MAX, 'token'),
          role: ROLE_NUMBERS[frame.role],
        },
      };
  }
}

/** Throws CodecError. */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  const { requestId, body } = known(parseMessage(ClientFrameSchema, bytes, 'clientFrame'), 'clientFrame');
  switch (body.case) {
    case 'submit': {
      const { command, retry } = known(body.value, 'submit');
      return { kind: 'submit', requestId, command: commandFromMessage(command), retry };
    }
    case 'batch': {
      const { batchIndex } = known(body.value, 'batch');
      return { kind: 'batch', requestId, batchIndex: fromUint64(batchIndex, 'batchIndex') };
    }
    case 'status':
      known(body.value, 'status');
      return { kind: 'status', requestId };
    case 'hello': {
      const { token, role } = known(body.value, 'hello');
      return {
        kind: 'hello',
        requestId,
        token: fromText(token, TOKEN_CHARACTERS_MAX, 'token'),
        role: fromRole(role, 'role'),
      };
    }
    case undefined:
      throw new CodecError('MISSING_FIELD', 'clientFrame.body', 'is required');
  }
}

/** A value that does not fit is a fault of ours. */
export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  return toBinary(ServerFrameSchema, {
    $typeName: 'keel.v1.ServerFrame',
    requestId: toUint32(frame.requestId, 'requestId'),
    body: serverBody(frame),
  });
}

function serverBody(frame: ServerFrame): ServerFrameMessage['body'] {
  switch (frame.kind) {
    case 'submitted':
      return {
        case: 'submitted',
        value: {
          $typeName: 'keel.v1.SubmitReply',
          block: eventBlockToMessage(frame.block),
          repeated: frame.repeated,
        },
      };
    case 'batch':
      return {
        case: 'batch',
        value:
          frame.batch === undefined
            ? { $typeName: 'keel.v1.BatchReply' }
            : { $typeName: 'keel.v1.BatchReply', batch: sealedBatchToMessage(frame.batch) },
      };
    case 'status':
      return {
        case: 'status',
        value: { $typeName: 'keel.v1.StatusReply', status: sequencerStatusToMessage(frame.status) },
      };
    case 'refused':
      return {
        case: 'refused',
        value: { $typeName: 'keel.v1.Refusal', reason: REFUSAL_REASON_NUMBERS[frame.reason] },
      };
    case 'notLeader':
      return {
        case: 'notLeader',
        value: {
          $typeName: 'keel.v1.NotLeader',
          leaderIntakeUrl: toText(frame.leaderUrl ?? '', URL_CHARACTERS_MAX, 'leaderIntakeUrl'),
        },
      };
    case 'welcome':
      return {
        case: 'welcome',
        value: { $typeName: 'keel.v1.Welcome', inFlightMax: toUint32(frame.inFlightMax, 'inFlightMax') },
      };
  }
}

/** Throws CodecError. */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  const { requestId, body } = known(parseMessage(ServerFrameSchema, bytes, 'serverFrame'), 'serverFrame');
  switch (body.case) {
    case 'submitted': {
      const { block, repeated } = known(body.value, 'submitted');
      return { kind: 'submitted', requestId, block: eventBlockFromMessage(block), repeated };
    }
    case 'batch': {
      const { batch } = known(body.value, 'batch');
      return { kind: 'batch', requestId, batch: batch === undefined ? undefined : sealedBatchFromMessage(batch) };
    }
    case 'status':
      return { kind: 'status', requestId, status: sequencerStatusFromMessage(known(body.value, 'status').status) };
    case 'refused': {
      const { reason } = known(body.value, 'refused');
      return { kind: 'refused', requestId, reason: fromRefusalReason(reason, 'reason') };
    }
    case 'notLeader': {
      const { leaderIntakeUrl } = known(body.value, 'notLeader');
      const leaderUrl = fromText(leaderIntakeUrl, URL_CHARACTERS_MAX, 'leaderIntakeUrl');
      return { kind: 'notLeader', requestId, leaderUrl: leaderUrl === '' ? undefined : leaderUrl };
    }
    case 'welcome': {
      const { inFlightMax } = known(body.value, 'welcome');
      if (inFlightMax === 0) throw new CodecError('OUT_OF_RANGE', 'inFlightMax', 'must be at least 1');
      return { kind: 'welcome', requestId, inFlightMax };
    }
    case undefined:
      throw new CodecError('MISSING_FIELD', 'serverFrame.body', 'is required');
  }
}

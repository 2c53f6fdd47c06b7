import {
  IntakeHandingOver,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeUnavailable,
} from '@keel/intake';
import { ReadModelUnavailable } from '@keel/redis';
import { ApiError, type ErrorCode } from './errors.ts';

/** Refusals of the framework, by its own code. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'BAD_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BAD_JSON',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'BAD_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'BAD_REQUEST',
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_BAD_URL: 'NOT_FOUND',
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
};

/** Any fault as the customer sees it. What is known to nobody is INTERNAL, with the fault as its cause for the log. */
export function toApiError(fault: unknown): ApiError {
  if (fault instanceof ApiError) return fault;
  if (fault instanceof IntakeOverloaded) return new ApiError('SEQUENCER_OVERLOADED', {}, { cause: fault });
  if (fault instanceof IntakeOutcomeUnknown) return new ApiError('OUTCOME_UNKNOWN', {}, { cause: fault });
  if (fault instanceof IntakePaused) return new ApiError('PAUSED', {}, { cause: fault });
  if (fault instanceof IntakeUnavailable || fault instanceof IntakeHandingOver)
    return new ApiError('SEQUENCER_UNAVAILABLE', {}, { cause: fault });
  if (fault instanceof ReadModelUnavailable) return new ApiError('READ_MODEL_UNAVAILABLE', {}, { cause: fault });
  const { code } = (typeof fault === 'object' && fault !== null ? fault : {}) as { code?: unknown };
  const known = typeof code === 'string' ? FRAMEWORK_CODES[code] : undefined;
  return known === undefined ? new ApiError('INTERNAL', {}, { cause: fault }) : new ApiError(known);
}

/** The same of a fault in answering a request. A client that vanished before its body was whole is no fault of ours; nobody reads the answer. */
export function toRequestError(
  fault: unknown,
  request: { readonly raw: { readonly readableAborted: boolean } },
): ApiError {
  return request.raw.readableAborted
    ? new ApiError('BAD_REQUEST', { fault: 'the body ended early' })
    : toApiError(fault);
}

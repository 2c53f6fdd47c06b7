export type { IntakeRole } from '@keel/codec';
export {
  IntakeHandingOver,
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeSignatureInvalid,
  IntakeUnavailable,
  IntakeVersionUnknown,
} from './errors.ts';
export type { IntakeHandler, IntakeLog, Leadership, SubmitOptions, Submitted } from './handler.ts';
export { IntakeClient, type IntakeClientOptions } from './intakeClient.ts';
export { IntakeServer, type IntakeServerOptions } from './intakeServer.ts';
export { ROLE_OF_COMMAND } from './roles.ts';
export {
  type CommandGate,
  createSubmitUntil,
  type Outcome,
  type RetryTime,
  type SubmitUntil,
  type SubmitUntilOptions,
} from './submitUntil.ts';

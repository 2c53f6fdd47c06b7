export type { IntakeRole } from '@keel/codec';
export {
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakeSignatureInvalid,
  IntakeUnavailable,
} from './errors.ts';
export type { IntakeHandler, IntakeLog, Submitted } from './handler.ts';
export { IntakeClient, type IntakeClientOptions } from './intakeClient.ts';
export { IntakeServer, type IntakeServerOptions } from './intakeServer.ts';
export { ROLE_OF_COMMAND } from './roles.ts';

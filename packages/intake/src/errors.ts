/** The sequencer was not reached: the command was never sent. */
export class IntakeUnavailable extends Error {
  override readonly name = 'IntakeUnavailable';
  readonly code = 'INTAKE_UNAVAILABLE';
}

/** Too much is in flight, here or in the sequencer: the command was not sequenced and may be sent again. */
export class IntakeOverloaded extends Error {
  override readonly name = 'IntakeOverloaded';
  readonly code = 'INTAKE_OVERLOADED';
}

/** The connection was lost after sending: the command may be sequenced or not. The same nonce again is safe. */
export class IntakeOutcomeUnknown extends Error {
  override readonly name = 'IntakeOutcomeUnknown';
  readonly code = 'INTAKE_OUTCOME_UNKNOWN';
}

/** The token or the role does not allow this: a fault of set-up, not of the moment. */
export class IntakeNotAllowed extends Error {
  override readonly name = 'IntakeNotAllowed';
  readonly code = 'INTAKE_NOT_ALLOWED';
}

/** A price report in the command is not signed by its feeder: the command was not sequenced. */
export class IntakeSignatureInvalid extends Error {
  override readonly name = 'IntakeSignatureInvalid';
  readonly code = 'INTAKE_SIGNATURE_INVALID';
}

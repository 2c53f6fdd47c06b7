/** Nobody who leads was reached: the command was not sequenced. */
export class IntakeUnavailable extends Error {
  override readonly name = 'IntakeUnavailable';
  readonly code = 'INTAKE_UNAVAILABLE';
}

/** Too much is in flight, here or in the sequencer: the command was not sequenced and may be sent again. */
export class IntakeOverloaded extends Error {
  override readonly name = 'IntakeOverloaded';
  readonly code = 'INTAKE_OVERLOADED';
}

/** The operator has paused the exchange: the command was not sequenced. */
export class IntakePaused extends Error {
  override readonly name = 'IntakePaused';
  readonly code = 'INTAKE_PAUSED';
}

/** The leader hands over: the command was not sequenced; the next leader takes it within a moment. */
export class IntakeHandingOver extends Error {
  override readonly name = 'IntakeHandingOver';
  readonly code = 'INTAKE_HANDING_OVER';
}

/** Connection or leadership was lost after sending: the command may be sequenced or not. Sent again with `retry` is safe. */
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

/** A node that reports does not know the rules that an upgrade would put in force: the command was not sequenced. */
export class IntakeVersionUnknown extends Error {
  override readonly name = 'IntakeVersionUnknown';
  readonly code = 'INTAKE_VERSION_UNKNOWN';
}

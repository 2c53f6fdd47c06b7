/** What a person asked for at the admin port cannot be done; the code is stable. */
export class AdminFault extends Error {
  override readonly name = 'AdminFault';
  readonly status: number;
  readonly code: string;
  readonly facts: object;

  constructor(status: number, code: string, message: string, facts: object = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}

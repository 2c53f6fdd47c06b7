/** A reason why the devnet cannot start or go on, said in one sentence that a person can act on. */
export class DevnetFault extends Error {
  override readonly name = 'DevnetFault';
}

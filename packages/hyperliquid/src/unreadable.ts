/** A request or an action that has not the form it must have. The message names the place and what is wrong there. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

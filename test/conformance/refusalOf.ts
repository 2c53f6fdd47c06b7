/** What a client threw, by the name of its class. */
export interface Refusal {
  readonly name: string;
  readonly text: string;
}

/** The refusal of what must be refused. Throws when it was taken. */
export async function refusalOf(asked: Promise<unknown>): Promise<Refusal> {
  try {
    await asked;
  } catch (fault) {
    const { name, message } = fault as Error;
    return { name, text: message };
  }
  throw new Error('was not refused');
}

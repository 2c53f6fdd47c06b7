/** Writing failed. What is on disk is uncertain, so the process must stop: the next start reads what is really there. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault';
}

/** What is on disk is not what was written. A person must decide; nothing is cut off or skipped. */
export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt';
  readonly file: string;
  /** Byte of the file at which the first bad thing begins. */
  readonly offset: number;

  constructor(file: string, offset: number, what: string) {
    super(`the journal is damaged: ${file} at byte ${offset}: ${what}`);
    this.file = file;
    this.offset = offset;
  }
}

/** Another live process has the directory open. */
export class JournalLocked extends Error {
  override readonly name = 'JournalLocked';
}

/** The directory is another exchange's or a newer version's. The message is one sentence for the operator. */
export class JournalForeign extends Error {
  override readonly name = 'JournalForeign';
}

/** The system's reason in words that fit into a sentence. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC') return 'no space left on the device (ENOSPC)';
  if (code === 'EIO') return 'the device failed (EIO)';
  return error instanceof Error ? error.message : String(error);
}

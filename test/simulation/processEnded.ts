/** Thrown where a real process would have ended itself: nothing of that process runs any more, and nobody catches it. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}

/** What code of an ended process leaves behind is no fault; anything else still is. */
export function forgiveEndedProcesses(): void {
  process.on('unhandledRejection', (reason) => {
    if (!(reason instanceof ProcessEnded)) throw reason;
  });
}

import { forgiveEndedProcesses } from './processEnded.ts';
import { type RunOptions, runSimulation } from './runSimulation.ts';

/** A process of its own: runs the seeds that it is sent, one at a time, and sends back what came of each. */
forgiveEndedProcesses();
process.on('message', (options: RunOptions) => {
  void runSimulation(options).then((result) => process.send?.(result));
});
// From the keyboard it is meant for the program that counts: it ends when no more are sent.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());

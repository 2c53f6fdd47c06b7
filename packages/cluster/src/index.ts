export { type CommandLog, LeadershipLost } from './commandLog.ts';
export { fileLog } from './fileLog.ts';
export { Sequencer, type SequencerOptions } from './sequencer.ts';
export type { SequencerWatch } from './sequencerWatch.ts';

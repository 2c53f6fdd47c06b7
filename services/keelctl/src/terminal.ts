import { once } from 'node:events';
import { styleText } from 'node:util';

/** Where a command writes: results to stdout, progress and notices to stderr. */
export interface Terminal {
  /** One piece of the result, as it is. */
  readonly write: (text: string) => void;
  /** Resolves when whoever reads the result has caught up. */
  readonly drained: () => Promise<void>;
  /** A line for people beside the result. */
  readonly tell: (line: string) => void;
  /** stdout is a screen that can be drawn anew. */
  readonly isScreen: boolean;
  readonly paint: Paint;
}

export type Colour = 'red' | 'yellow' | 'green' | 'dim' | 'bold';
/** Colours a text where the screen can show it. */
export type Paint = (colour: Colour, text: string) => string;

/** Of this process. `styleText` itself sees whether stdout is a screen and heeds NO_COLOR. */
export const ownTerminal: Terminal = {
  write: (text) => void process.stdout.write(text),
  drained: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
  tell: (line) => void process.stderr.write(`keelctl: ${line}\n`),
  isScreen: process.stdout.isTTY === true,
  paint: (colour, text) => styleText(colour, text, { stream: process.stdout }),
};

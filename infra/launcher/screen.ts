import pc from 'picocolors';

/** What the person sees: lines that stay, and below them one block that is redrawn. */
export interface Screen {
  /** A line that stays. */
  readonly say: (line: string) => void;
  /** A text to be copied, exactly as it is, below a line that says what it is. */
  readonly hand: (line: string, text: string) => void;
  /** The present state of things, as a block for eyes and as facts for programs. */
  readonly show: (block: readonly string[], facts: object) => void;
  /** The block stays where it is; what follows comes below it. */
  readonly leave: () => void;
}

/** Without a terminal the block is cut down to its first line and printed this often. */
const PLAIN_EVERY_MS = 5_000;

/** JSON lines for programs, a redrawn block on a terminal, a line every few seconds elsewhere. */
export function openScreen(json: boolean, out: NodeJS.WriteStream): Screen {
  // A terminal that was closed, or a reader that went away, must not keep the exchange from stopping in order.
  out.on('error', () => undefined);
  if (json) return jsonScreen(out);
  return out.isTTY ? terminalScreen(out) : plainScreen(out);
}

function jsonScreen(out: NodeJS.WriteStream): Screen {
  const write = (value: object): void => void out.write(`${JSON.stringify(value)}\n`);
  return {
    say: (line) => write({ type: 'progress', text: line }),
    hand: (line, text) => write({ type: 'snippet', title: line, text }),
    show: (_block, facts) => write({ type: 'status', ...facts }),
    leave: () => undefined,
  };
}

function plainScreen(out: NodeJS.WriteStream): Screen {
  let lastMs = 0;
  return {
    say: (line) => void out.write(`keel: ${line}\n`),
    hand: (line, text) => void out.write(`keel: ${line}\n\n${text}\n`),
    show: (block, _facts) => {
      if (Date.now() - lastMs < PLAIN_EVERY_MS) return;
      lastMs = Date.now();
      out.write(`keel: ${block.join(' | ')}\n`);
    },
    leave: () => undefined,
  };
}

function terminalScreen(out: NodeJS.WriteStream): Screen {
  let shown: readonly string[] = [];
  const erase = (): string => (shown.length === 0 ? '' : `\u001b[${shown.length}A\u001b[J`);
  const draw = (block: readonly string[]): string => {
    // A line longer than the window would wrap, and the next redraw would then climb too few lines.
    const fitted = block.map((line) => line.slice(0, Math.max(20, (out.columns ?? 80) - 1)));
    return fitted.map((line) => `${line}\n`).join('');
  };
  return {
    say: (line) => void out.write(`${erase()}${pc.dim('keel:')} ${line}\n${draw(shown)}`),
    hand: (line, text) => void out.write(`${erase()}${pc.dim('keel:')} ${line}\n\n${text}\n${draw(shown)}`),
    show: (block, _facts) => {
      out.write(`${erase()}${draw(block)}`);
      shown = block;
    },
    leave: () => {
      shown = [];
    },
  };
}

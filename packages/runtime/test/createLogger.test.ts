import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createLogger, createMetrics } from '../src/index.ts';
import { logDestination } from '../src/logDestination.ts';

test('writes JSON lines with service and seq, and no secrets', () => {
  const lines: string[] = [];
  const log = createLogger({
    service: 'sequencer',
    level: 'info',
    destination: { write: (line: string) => lines.push(line) },
  });
  log.info({ seq: 12, token: 'hunter2', auth: { signature: '0xabc' }, a: { b: { privateKey: '0x1' } } }, 'applied');
  log.debug('not at this level');
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] ?? '');
  expect(line).toMatchObject({
    level: 'info',
    service: 'sequencer',
    seq: 12,
    message: 'applied',
    token: '[redacted]',
    auth: { signature: '[redacted]' },
    a: { b: { privateKey: '[redacted]' } },
  });
  expect(Date.parse(line.time)).not.toBeNaN();
});

// /dev/full answers every write as a full disk does.
test.runIf(process.platform === 'linux')(
  'a full disk costs log lines, not the process, and they are counted',
  async () => {
    const full = openSync('/dev/full', 'w');
    const log = createLogger({ service: 'sequencer', level: 'info', destination: logDestination(full) });
    log.info('one');
    log.info('two');
    closeSync(full);
    expect(await createMetrics('sequencer').text()).toMatch(/^keel_log_lines_lost\{service="sequencer"\} 2$/m);
  },
);

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

test('a line says what the process is at that moment, in child loggers too, and its own fields go first', () => {
  const lines: string[] = [];
  let role = 'following';
  const log = createLogger({
    service: 'sequencer',
    level: 'info',
    fields: () => ({ nodeId: 'a', role, epoch: 7 }),
    destination: { write: (line: string) => lines.push(line) },
  });
  const child = log.child({ part: 'intake' });
  log.info('one');
  role = 'leading';
  child.info({ seq: 12, epoch: 9 }, 'two');
  log.info('three');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { nodeId: 'a', role: 'following', epoch: 7, message: 'one' },
    { nodeId: 'a', role: 'leading', epoch: 9, seq: 12, part: 'intake', message: 'two' },
    { nodeId: 'a', role: 'leading', epoch: 7, message: 'three' },
  ]);
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
    expect(await createMetrics('sequencer').text()).toMatch(/^keel_log_lines_lost_total\{service="sequencer"\} 2$/m);
  },
);

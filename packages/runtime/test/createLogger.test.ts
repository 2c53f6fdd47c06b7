import { expect, test } from 'vitest';
import { createLogger } from '../src/index.ts';

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

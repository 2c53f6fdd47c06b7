import { describe, expect, test } from 'vitest';
import {
  addressSetting,
  booleanSetting,
  ConfigError,
  choiceSetting,
  integerSetting,
  portSetting,
  readConfig,
  redisUrlSetting,
  secretSetting,
  splitUrls,
  Type,
  textSetting,
  urlsSetting,
} from '../src/index.ts';

const schema = Type.Object({
  KEEL_PORT: portSetting(7070),
  KEEL_QUEUE_MAX: integerSetting('commands that may wait', { minimum: 1, maximum: 1_000_000, default: 20_000 }),
  KEEL_REDIS_URL: redisUrlSetting(),
  KEEL_TOKEN: secretSetting('the shared secret'),
  KEEL_SETTLEMENT_ADDRESS: addressSetting('the settlement contract'),
  KEEL_MODE: choiceSetting('the source', ['simulation', 'replay'], 'simulation'),
  KEEL_PRETTY: booleanSetting('whether lines are pretty', false),
  KEEL_FILE: Type.Optional(textSetting('a file', '/tmp/x.csv')),
});
const token = 'ab'.repeat(16);
const address = `0x${'12'.repeat(20)}`;
const enough = { KEEL_TOKEN: token, KEEL_SETTLEMENT_ADDRESS: address };

function faultOf(env: Record<string, string>): string {
  try {
    readConfig(schema, env);
  } catch (fault) {
    if (fault instanceof ConfigError) return fault.message;
    throw fault;
  }
  return 'no fault';
}

describe('readConfig', () => {
  test('takes defaults, parses numbers and booleans, leaves out what is optional', () => {
    expect(readConfig(schema, { ...enough, KEEL_PORT: ' 8080 ', KEEL_PRETTY: 'true', KEEL_FILE: '' })).toEqual({
      KEEL_PORT: 8080,
      KEEL_QUEUE_MAX: 20_000,
      KEEL_REDIS_URL: 'redis://127.0.0.1:6390',
      KEEL_TOKEN: token,
      KEEL_SETTLEMENT_ADDRESS: address,
      KEEL_MODE: 'simulation',
      KEEL_PRETTY: true,
    });
  });

  test('names every fault at once with what it must be and an example, and no secret', () => {
    const message = faultOf({ KEEL_PORT: 'http', KEEL_TOKEN: 'hunter2hunter2', KEEL_MODE: 'live' });
    expect(message).toBe(
      'configuration: KEEL_PORT "http" does not fit: it must be a port from 0 to 65535, for example 7070; ' +
        'KEEL_TOKEN (a secret of 14 characters) does not fit: it must be the shared secret, 32 to 128 characters of 0-9 and a-f; ' +
        'make one with: openssl rand -hex 32; ' +
        'KEEL_SETTLEMENT_ADDRESS is missing: it must be the settlement contract, 0x and 40 characters of 0-9 and a-f, ' +
        'for example 0x5fbdb2315678afecb367f032d93f642f64180aa3; ' +
        'KEEL_MODE "live" does not fit: it must be the source, one of simulation, replay, for example simulation',
    );
    expect(message).not.toContain('hunter2');
  });

  test.each([
    'rediss://ann:b@h:1/2',
    'redis-sentinel://:b@h:1,h:2,h:3/keel',
    'rediss-sentinel://h/keel?sentinelPassword=b',
  ])('takes %s', (url) => {
    expect(readConfig(schema, { ...enough, KEEL_REDIS_URL: url }).KEEL_REDIS_URL).toBe(url);
  });

  test.each([
    ['a port out of range', { KEEL_PORT: '65536' }, 'KEEL_PORT'],
    ['a negative port', { KEEL_PORT: '-1' }, 'KEEL_PORT'],
    ['hexadecimal', { KEEL_PORT: '0x1f90' }, 'KEEL_PORT'],
    ['an exponent', { KEEL_QUEUE_MAX: '1e3' }, 'KEEL_QUEUE_MAX'],
    ['a fraction', { KEEL_QUEUE_MAX: '1.5' }, 'KEEL_QUEUE_MAX'],
    ['another scheme', { KEEL_REDIS_URL: 'http://127.0.0.1:1' }, 'KEEL_REDIS_URL'],
    ['no host', { KEEL_REDIS_URL: 'redis://' }, 'KEEL_REDIS_URL'],
    ['Sentinels without the name of a primary', { KEEL_REDIS_URL: 'redis-sentinel://a:1,b:2' }, 'KEEL_REDIS_URL'],
    ['yes for true', { KEEL_PRETTY: 'yes' }, 'KEEL_PRETTY'],
    ['an address with capitals', { KEEL_SETTLEMENT_ADDRESS: address.toUpperCase() }, 'KEEL_SETTLEMENT_ADDRESS'],
  ])('refuses %s', (_what, env, name) => {
    expect(faultOf({ ...enough, ...env })).toMatch(new RegExp(`^configuration: ${name} "`));
  });
});

test('several addresses stand in one setting with commas between', () => {
  const intakes = Type.Object({ KEEL_INTAKE_URL: urlsSetting('the intake', ['ws', 'wss'], 'ws://127.0.0.1:7070') });
  const rows: readonly [string, readonly string[] | 'refused'][] = [
    ['ws://127.0.0.1:7070', ['ws://127.0.0.1:7070']],
    ['ws://a:1,wss://b:2/x', ['ws://a:1', 'wss://b:2/x']],
    ['ws://a:1 , ws://b:2', ['ws://a:1', 'ws://b:2']],
    ['ws://a:1,ws://a:1', ['ws://a:1']],
    ['ws://a:1,', 'refused'],
    ['ws://a:1,http://b:2', 'refused'],
    ['ws://a:1;ws://b:2 ws://c:3', 'refused'],
    [Array.from({ length: 17 }, (_, node) => `ws://n${node}:1`).join(','), 'refused'],
  ];
  for (const [text, expected] of rows) {
    const read = () => splitUrls(readConfig(intakes, { KEEL_INTAKE_URL: text }).KEEL_INTAKE_URL);
    if (expected === 'refused') expect(read).toThrow(ConfigError);
    else expect(read()).toEqual(expected);
  }
});

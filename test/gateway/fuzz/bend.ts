import type { Dice } from '../dice.ts';

const NUMBERS = [
  0,
  1,
  2,
  3,
  49,
  50,
  51,
  127,
  128,
  999,
  1_000,
  65_535,
  1e6,
  1e9,
  1e12,
  86_400_000,
  2 ** 32,
  2 ** 53 - 1,
];
const TEXTS = [
  ...['', '0', '1', '0.1', '0.001', '0.0000001', '1000000', '999999999', '9007199254740991', '9007199254740992', '1e9'],
  ...[
    '99999999999999999999',
    '60000',
    '60000.5',
    '60000.05',
    '1',
    '-1',
    '01',
    '1.0',
    ' ',
    'c1',
    'ETH-USD',
    'SOL-USD',
    'WETH',
  ],
  ...['buy', 'sell', 'limit', 'market', 'gtc', 'gtt', 'ioc', 'fok', 'postOnly', 'stop', 'takeProfit', 'trailingStop'],
  ...[
    'none',
    'oneCancelsOther',
    'owner',
    'Gtc',
    'Alo',
    'tp',
    'sl',
    'normalTpsl',
    'positionTpsl',
    'é',
    '\ud800',
    '~'.repeat(36),
  ],
];

/** Other values of the same types in one to three fields: what is then signed is a request that means something else, or nothing. */
export function bend(dice: Dice, action: Record<string, unknown>): void {
  for (let left = dice.between(1, 3); left > 0; left -= 1) {
    let container = action;
    for (;;) {
      const key = dice.pick(Object.keys(container));
      const value = container[key];
      if (key === 'primaryType' || key === 'account') break;
      if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
        if (Array.isArray(value) && dice.chance(25)) {
          container[key] = dice.pick<unknown>([[], Array.from({ length: dice.pick([3, 50, 51]) }, () => value[0])]);
          break;
        }
        container = value as Record<string, unknown>;
        continue;
      }
      if (typeof value === 'number') container[key] = dice.pick(NUMBERS);
      if (typeof value === 'boolean') container[key] = !value;
      if (typeof value === 'string' && !/^0x[0-9a-f]{40}$/.test(value)) container[key] = dice.pick(TEXTS);
      break;
    }
  }
}

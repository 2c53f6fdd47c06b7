import { toAccountId, toOrderId, toSequence } from '@keel/types';
import { IntakeServer } from '../src/index.ts';

const TOKEN = process.argv[2] ?? '';
let sequence = 0;

const server = new IntakeServer({
  host: '127.0.0.1',
  port: 0,
  token: TOKEN,
  handler: {
    async submit(_role, command) {
      sequence++;
      const orderId = toOrderId(sequence);
      if (command.kind !== 'placeOrder') return { sequence: toSequence(sequence), timeMs: 1, events: [] };
      const { kind: _, auth: __, ...order } = command;
      return {
        sequence: toSequence(sequence),
        timeMs: 1_700_000_000_000,
        events: [
          { kind: 'orderAccepted', orderId, accountId: toAccountId(1), ...order, linkedOrderId: 0, parentOrderId: 0 },
          { kind: 'orderRested', orderId, remainingLots: order.sizeLots },
        ],
      };
    },
    async batch() {
      return undefined;
    },
    status() {
      throw new Error('not part of this measurement');
    },
  },
});
process.stdout.write(`${await server.listen()}\n`);

import { COMMAND_BYTES_MAX, encodeClientFrame, encodeCommand } from '@keel/codec';
import {
  BATCH_ITEMS_MAX,
  type Command,
  type EventBlock,
  HYPERLIQUID_ACTION_BYTES_MAX,
  type PlaceOrders,
  type SealedBatch,
  toAccountId,
  toMarketId,
  toSequence,
} from '@keel/types';
import { expect, it } from 'vitest';
import { IntakeNotAllowed, type IntakeRole } from '../src/index.ts';
import { CLIENT_FRAME_BYTES_MAX } from '../src/limits.ts';
import { COMMANDS } from './commands.ts';
import { countingHandler, STATUS, startClient, startServer, ZERO_HASH } from './startIntake.ts';

it('hands each command to the handler as it was, and the events back', async () => {
  const handler = countingHandler();
  const block: EventBlock = {
    sequence: toSequence(12),
    timeMs: 34,
    events: [{ kind: 'commandRejected', code: 306, accountId: toAccountId(5) }],
  };
  const { url } = await startServer({ handler: { ...handler, submit: async () => block } });
  const client = await startClient(url, 'gateway');
  expect(await client.submit(COMMANDS.placeOrder)).toEqual(block);
});

it('keeps the order of pipelined commands, and each gets its own reply', async () => {
  const handler = countingHandler();
  const { url } = await startServer({ handler });
  const client = await startClient(url, 'gateway');
  const orders = Array.from({ length: 2_000 }, (_, index) => ({ ...COMMANDS.placeOrder, clientOrderId: `${index}` }));
  const replies = await Promise.all(orders.map((order) => client.submit(order)));
  expect(handler.taken).toEqual(orders);
  expect(replies.map((reply) => reply.sequence)).toEqual(orders.map((_, index) => index + 1));
});

const ROLES: Record<IntakeRole, readonly Command['kind'][]> = {
  gateway: [
    'placeOrder',
    'placeOrders',
    'placeScale',
    'placeTwap',
    'amendOrder',
    'amendOrders',
    'replaceOrder',
    'cancelOrder',
    'cancelOrders',
    'cancelAllOrders',
    'cancelAllAfter',
    'setMarketMakerProtection',
    'resetMarketMakerProtection',
    'approveAgent',
    'revokeAgent',
    'withdraw',
    'transfer',
    'setLeverage',
    'fundSafety',
    'registerLiquidator',
    'takeAuction',
  ],
  priceFeed: ['updateIndexPrice', 'updateCollateralPrice'],
  settler: ['creditDeposit', 'sealBatch'],
  operator: [
    'listMarket',
    'listCollateral',
    'setPriceFeeders',
    'allocateFees',
    'upgradeEngine',
    'setTradingStatus',
    'advanceTime',
  ],
};

it.each(Object.keys(ROLES) as IntakeRole[])('lets a %s hand in its own kinds and no others', async (role) => {
  const handler = countingHandler();
  const { url } = await startServer({ handler });
  const client = await startClient(url, role);
  for (const command of Object.values(COMMANDS)) {
    if (ROLES[role].includes(command.kind)) await client.submit(command);
    else await expect(client.submit(command)).rejects.toBeInstanceOf(IntakeNotAllowed);
  }
  expect(handler.taken.map((command) => command.kind).sort()).toEqual([...ROLES[role]].sort());
});

it('leaves every signed command to the gateway, and no other', () => {
  const signed = Object.values(COMMANDS).flatMap((command) => ('auth' in command ? [command.kind] : []));
  expect(signed.sort()).toEqual([...ROLES.gateway].sort());
});

it('carries the longest batch that there is', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const order: PlaceOrders['orders'][number] = {
    ...COMMANDS.placeOrders.orders[0],
    marketId: toMarketId(2 ** 32 - 1),
    side: 'sell',
    orderType: 'market',
    timeInForce: 'gtt',
    priceTicks: most,
    sizeLots: most,
    reduceOnly: true,
    clientOrderId: '€'.repeat(36),
    expiresAtMs: most,
    displayLots: most,
    selfTrade: 'decrement',
    selfTradeScope: 'owner',
    trigger: { kind: 'stop', triggerTicks: most, trailTicks: most },
    attached: { takeProfitTicks: most, takeProfitLimitTicks: most, stopLossTicks: most, stopLossLimitTicks: most },
  };
  const command: PlaceOrders = {
    ...COMMANDS.placeOrders,
    auth: {
      ...COMMANDS.placeOrders.auth,
      subaccount: most,
      nonce: most,
      expiresAfterMs: most,
      hyperliquid: { action: `0x${'ff'.repeat(HYPERLIQUID_ACTION_BYTES_MAX)}`, source: 'b' },
    },
    orders: new Array<typeof order>(BATCH_ITEMS_MAX).fill(order),
  };
  expect(encodeCommand(command).length).toBe(COMMAND_BYTES_MAX);
  const frame = encodeClientFrame({ kind: 'submit', requestId: 2 ** 32 - 1, command, retry: true });
  expect(frame.length).toBeLessThanOrEqual(CLIENT_FRAME_BYTES_MAX);

  const handler = countingHandler();
  const { url } = await startServer({ handler });
  const client = await startClient(url, 'gateway');
  await client.submit(command);
  expect(handler.taken).toEqual([command]);
});

it('answers status to every role and batches to the settler only', async () => {
  const batch: SealedBatch = {
    batchIndex: 3,
    firstSequence: toSequence(5),
    lastSequence: toSequence(6),
    timeMs: 1_700_000_000_000,
    stateRoot: ZERO_HASH,
    commandHashes: [`0x${'ab'.repeat(32)}`, `0x${'cd'.repeat(32)}`],
    withdrawals: [{ withdrawalIndex: 2, recipient: `0x${'11'.repeat(20)}`, assetId: 0, amountAtoms: 1_000_000 }],
    nextDepositIndex: 1,
    firstWithdrawalIndex: 2,
    nextWithdrawalIndex: 3,
  };
  const handler = {
    ...countingHandler(),
    batch: async (index: number) => (index === 3 ? batch : undefined),
  };
  const { url } = await startServer({ handler });
  const settler = await startClient(url, 'settler');
  expect(await settler.batch(3)).toEqual(batch);
  expect(await settler.batch(4)).toBeUndefined();
  for (const role of Object.keys(ROLES) as IntakeRole[]) {
    const client = await startClient(url, role);
    expect(await client.status()).toEqual(STATUS);
    if (role !== 'settler') await expect(client.batch(3)).rejects.toBeInstanceOf(IntakeNotAllowed);
  }
});

it('carries the hashes of a batch of 200 000 commands', async () => {
  const commandHashes = new Array<typeof ZERO_HASH>(200_000).fill(ZERO_HASH);
  const batch: SealedBatch = {
    batchIndex: 0,
    firstSequence: toSequence(1),
    lastSequence: toSequence(200_000),
    timeMs: 1,
    stateRoot: ZERO_HASH,
    commandHashes,
    withdrawals: [],
    nextDepositIndex: 0,
    firstWithdrawalIndex: 0,
    nextWithdrawalIndex: 0,
  };
  const { url } = await startServer({ handler: { ...countingHandler(), batch: async () => batch } });
  const settler = await startClient(url, 'settler');
  expect((await settler.batch(0))?.commandHashes.length).toBe(200_000);
});

it('finds a value that the wire cannot hold before anything is sent', async () => {
  const handler = countingHandler();
  const { url } = await startServer({ handler });
  const client = await startClient(url, 'gateway');
  await expect(client.submit({ ...COMMANDS.placeOrder, priceTicks: -1 })).rejects.toThrow('priceTicks');
  expect(client.inFlight).toBe(0);
  expect(handler.taken).toEqual([]);
});

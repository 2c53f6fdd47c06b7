// Prints what deposits and batches cost on a real anvil that mines at once, from receipts, and how long a batch takes
// from the call to its place in the contract: `npm run -s bench:settler`. About five seconds.
import { createLogger } from '@keel/runtime';
import type { Hex } from '@keel/types';
import { advanceBatch } from '../src/advanceBatch.ts';
import type { L1Config } from '../src/config.ts';
import { Health } from '../src/health.ts';
import { OperatorAccount } from '../src/operatorAccount.ts';
import { SettlementChain } from '../src/settlementChain.ts';
import { Bookkeeper } from '../test/bookkeeper.ts';
import { OPERATOR_KEY, startAnvil } from '../test/startAnvil.ts';

const BATCHES = 50;
const COMMANDS = 2_000;

const anvil = await startAnvil();
try {
  const gasOf = async (hash: Hex): Promise<string> =>
    (await anvil.client.getTransactionReceipt({ hash })).gasUsed.toLocaleString('en-US');
  console.log(`deposit, first of an account   ${await gasOf(await anvil.deposit(1_000_000))} gas`);
  console.log(`deposit, later                 ${await gasOf(await anvil.deposit(1_000_000))} gas`);

  const config: L1Config = {
    url: anvil.url,
    chainId: 31_337,
    settlement: anvil.settlement,
    operatorKey: OPERATOR_KEY,
    confirmations: 1,
    startBlock: 0,
    logBlocks: 5_000,
    pollMs: 5,
    resendMs: 10_000,
  };
  const log = createLogger({ service: 'settler', level: 'silent' });
  const health = new Health(log, () => undefined);
  const chain = new SettlementChain(config, health);
  const operator = new OperatorAccount(config, chain, health);
  const sequencer = new Bookkeeper();
  for (let batch = 0; batch < BATCHES; batch++) {
    for (let command = 1; command < COMMANDS; command++) sequencer.trade();
    await sequencer.submit('settler', { kind: 'sealBatch' });
  }
  const sent: Hex[] = [];
  const begunMs = performance.now();
  for (let batch = 0; batch < BATCHES; batch++)
    await advanceBatch(batch, {
      config,
      chain,
      operator,
      sealedBatch: (index) => sequencer.batch(index),
      onSubmitted: (_index, txHash) => sent.push(txHash),
      log,
      stopSignal: new AbortController().signal,
    });
  const batchMs = (performance.now() - begunMs) / BATCHES;
  console.log(`submitBatch, first             ${await gasOf(sent[0]!)} gas`);
  console.log(`submitBatch, later             ${await gasOf(sent[1]!)} gas`);
  console.log(`batch of ${COMMANDS} commands onto L1  ${batchMs.toFixed(1)} ms`);
} finally {
  await anvil.stop();
}

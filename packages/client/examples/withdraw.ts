// Takes USDC off the account and waits until L1 can pay it.
//   node_modules/.bin/node packages/client/examples/withdraw.ts http://127.0.0.1:8080 0x<private key> 500
import { KeelClient } from '@keel/client';
import { runExample } from './runExample.ts';

await runExample('withdraw.ts <gateway> 0x<private-key> <usdc>', 3, async ([url = '', privateKey, amount = '']) => {
  const client = new KeelClient({ url, privateKey: privateKey as `0x${string}` });

  const { sequence, withdrawalIndex } = await client.withdraw({ amount });
  console.log(`${amount} USDC left ${client.address} at sequence ${sequence}`);

  // It is listed as sealed about a second after its acknowledgement, and as claimable once its batch is on L1.
  const isPayable = async (): Promise<boolean> =>
    (await client.withdrawals()).some((own) => own.withdrawalIndex === withdrawalIndex && own.status !== 'sealed');
  while (!(await isPayable())) await new Promise((resolve) => setTimeout(resolve, 500));
  console.log('its batch is on L1: anybody may now have the contract pay it, with the proof from /withdrawals');
});

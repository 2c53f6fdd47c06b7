// Takes USDC off the account and waits until L1 can pay it.
//   node examples/withdraw.ts http://127.0.0.1:8080 0x<private key> 500
import { KeelClient } from '@keel/client';

const [url = 'http://127.0.0.1:8080', privateKey = '', amount = ''] = process.argv.slice(2);
const client = new KeelClient({ url, privateKey: privateKey as `0x${string}` });

const { sequence } = await client.withdraw({ amount });
console.log(`${amount} USDC left ${client.address} at sequence ${sequence}`);

const isClaimable = async (): Promise<boolean> =>
  (await client.withdrawals()).some((withdrawal) => withdrawal.status === 'claimable');
while (!(await isClaimable())) await new Promise((resolve) => setTimeout(resolve, 500));
console.log('its batch is on L1: anybody may now have the contract pay it, with the proof from /withdrawals');
client.close();

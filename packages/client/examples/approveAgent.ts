// Lets another key trade for the account, for example the one that a bot has. It can never withdraw, and can be revoked.
//   node_modules/.bin/node packages/client/examples/approveAgent.ts http://127.0.0.1:8080 0x<owner key> 0x<agent address>
import { KeelClient } from '@keel/client';
import { runExample } from './runExample.ts';

await runExample('approveAgent.ts <gateway> 0x<owner-private-key> 0x<agent-address> [name]', 3, async (words) => {
  const [url = '', privateKey, agent, agentName = 'bot'] = words;
  const client = new KeelClient({ url, privateKey: privateKey as `0x${string}` });
  const { sequence } = await client.approveAgent({ agent: agent as `0x${string}`, agentName });
  console.log(`${agent} may trade for ${client.address} since sequence ${sequence}`);
  client.close();
});

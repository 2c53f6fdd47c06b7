// The account of a private key.
//   node_modules/.bin/node packages/client/examples/address.ts 0x<private key>
import { KeelClient } from '@keel/client';
import { runExample } from './runExample.ts';

await runExample('address.ts 0x<private-key>', 1, ([privateKey]) => {
  // Nothing is asked of the gateway named here: the account follows from the key alone.
  console.log(new KeelClient({ url: 'http://127.0.0.1:8080', privateKey: privateKey as `0x${string}` }).address);
});

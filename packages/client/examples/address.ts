// The account of a private key.
//   node examples/address.ts 0x<private key>
import { KeelClient } from '@keel/client';

const [privateKey = ''] = process.argv.slice(2);
// Nothing is asked of the gateway named here: the account follows from the key alone.
console.log(new KeelClient({ url: 'http://127.0.0.1:8080', privateKey: privateKey as `0x${string}` }).address);

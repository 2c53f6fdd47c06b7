// Prints the best bid and ask of a market whenever its book changes, a given number of times.
//   node_modules/.bin/node packages/client/examples/followBook.ts http://127.0.0.1:8080 BTC-USD 10
import { KeelClient } from '@keel/client';

const [url = 'http://127.0.0.1:8080', market = 'BTC-USD', times = '10'] = process.argv.slice(2);
const client = new KeelClient({ url });
let left = Number(times);

client.followBook(market, {
  onBook: (book) => {
    const [bid] = book.bids(1);
    const [ask] = book.asks(1);
    console.log(`${market} at ${book.sequence}: ${bid?.join(' x ') ?? 'no bid'} | ${ask?.join(' x ') ?? 'no ask'}`);
    left -= 1;
    if (left <= 0) client.close();
  },
  onUnreachable: () => console.error(`cannot reach ${url}, trying again`),
  onGap: () => console.log('a frame is missing; waiting for a snapshot'),
  onError: (error) => {
    console.error(error.message);
    client.close();
  },
});

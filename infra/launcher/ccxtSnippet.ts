import type { Address, Hex } from '@keel/types';

/** What a person pastes into a file beside an installed ccxt. The README shows the same for the usual port. */
export function ccxtSnippet(gatewayUrl: string, owner: Address, agentKey: Hex): string {
  return `import ccxt from 'ccxt';

const url = '${gatewayUrl}';
const exchange = new ccxt.pro.hyperliquid({
  walletAddress: '${owner}', // has test USDC
  privateKey: '${agentKey}', // may trade for it, never withdraw
  urls: { api: { public: url, private: url, ws: { public: url.replace('http', 'ws') + '/ws' } } },
  options: { sandboxMode: true, fetchMarkets: { types: ['swap'] } },
});
await exchange.loadHttpProxyAgent(); // once, for ws://

const symbol = 'BTC/USDC:USDC';
let book = await exchange.watchOrderBook(symbol);
while (book.bids.length === 0 || book.asks.length === 0) book = await exchange.watchOrderBook(symbol);
const { bids, asks } = book;
console.log('best bid', bids[0], 'best ask', asks[0]);

const quote = await exchange.createOrder(symbol, 'limit', 'buy', 0.01, bids[0][0] * 0.99, { postOnly: true });
await exchange.cancelOrder(quote.id, symbol);

const taken = await exchange.createOrder(symbol, 'market', 'buy', 0.01, asks[0][0]);
console.log('bought', taken.filled, 'at', taken.average);
console.log((await exchange.fetchBalance()).USDC);
await exchange.close();
`;
}

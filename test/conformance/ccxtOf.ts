import ccxt from 'ccxt';
import type { Trader, Venue } from './startVenue.ts';

export type Ccxt = InstanceType<typeof ccxt.pro.hyperliquid>;

/** An unmodified ccxt.pro at the venue, trading for the owner with the agent's key. Only URL and options are ours. */
export async function ccxtOf(venue: Pick<Venue, 'url' | 'wsUrl'>, { owner, agentKey }: Omit<Trader, 'native'>) {
  const client = new ccxt.pro.hyperliquid({
    walletAddress: owner,
    privateKey: agentKey,
    // Its own brake is set to another venue's limits; ours are not reached here.
    enableRateLimit: false,
    urls: { api: { public: venue.url, private: venue.url, ws: { public: venue.wsUrl } } },
    options: { sandboxMode: true, fetchMarkets: { types: ['swap'] } },
  });
  // Without it ccxt refuses ws:// (wss:// needs nothing).
  await client.loadHttpProxyAgent();
  return client;
}

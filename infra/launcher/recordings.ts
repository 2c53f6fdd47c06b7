/** What the price feed's `/status` tells of one market, as far as it is shown here. Prices are decimal strings. */
interface MarketFeed {
  readonly market: string;
  readonly index: string;
  readonly target: string;
  readonly source: string;
  readonly recordedTime?: string;
  readonly playedPercent?: number;
  readonly ended?: boolean;
}

/** What the bots' `/status` tells of the recorded orders that they play. */
interface OrdersFile {
  readonly state: 'waiting' | 'playing' | 'done';
  readonly messages: number;
  readonly read: number;
  readonly placed: number;
  readonly lagMs: number;
}

/** Where the recordings of this run are: index prices by the price feed, orders by the bots. */
export interface Recordings {
  readonly prices: readonly MarketFeed[];
  readonly orders: OrdersFile | undefined;
}

/** Where the recordings are now; what does not answer is left out. */
export async function readRecordings(priceFeedAdminUrl: string, botsAdminUrl: string): Promise<Recordings> {
  const [feed, bots] = await Promise.all([
    readStatus<{ readonly markets: readonly MarketFeed[] }>(priceFeedAdminUrl),
    readStatus<{ readonly ordersFile: OrdersFile | null }>(botsAdminUrl),
  ]);
  const prices = (feed?.markets ?? []).filter(({ recordedTime }) => recordedTime !== undefined);
  return { prices, orders: bots?.ordersFile ?? undefined };
}

async function readStatus<T>(adminUrl: string): Promise<T | undefined> {
  try {
    const response = await fetch(`${adminUrl}/status`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** The lines for the status block; none while there is nothing to tell. */
export function recordingLines({ prices, orders }: Recordings): readonly string[] {
  const lines = prices.map((feed) => {
    const walking = feed.index === feed.target ? '' : `, the index is on its way from ${feed.index} to ${feed.target}`;
    const over = feed.ended === true ? ', over: the last price is held' : '';
    return `recorded ${feed.market} at ${timeText(feed)}, ${feed.playedPercent} %${over}${walking}`;
  });
  return orders === undefined ? lines : [...lines, ordersLine(orders)];
}

function ordersLine({ state, messages, read, placed, lagMs }: OrdersFile): string {
  if (state === 'waiting') return 'recorded orders wait for funded accounts and for the index to come near';
  const percent = Math.floor((1_000 * read) / Math.max(1, messages)) / 10;
  const late = lagMs > 1_000 ? `, ${Math.round(lagMs / 1_000)} s late` : '';
  const over = state === 'done' ? ', over' : '';
  return `recorded orders ${read} of ${messages} messages, ${percent} %, ${placed} placed${late}${over}`;
}

/** Order files count from midnight of a day that they do not name. */
function timeText({ source, recordedTime = '' }: MarketFeed): string {
  const [day = '', time = ''] = recordedTime.split('T');
  const clock = time.slice(0, 8);
  return source === 'orders' ? clock : `${day} ${clock}`;
}

/** Says once per market that its index walks to the recording, and once that it has arrived. */
export function createWalkTeller(say: (line: string) => void): (recordings: Recordings) => void {
  const walking = new Map<string, boolean>();
  return ({ prices }) => {
    for (const { market, index, target } of prices) {
      const before = walking.get(market);
      // Later a fast recording may leave the index behind for a moment; only the way to its beginning is worth a line.
      if (before === false) continue;
      const walks = index !== target;
      if (walks && before === undefined) say(`${market}: the index walks from ${index} to the recording at ${target}`);
      if (!walks && before === true) say(`${market}: the index has reached the recording at ${target}`);
      walking.set(market, walks);
    }
  };
}

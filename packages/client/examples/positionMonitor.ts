// Shows how an account stands, each time that it changes: the rung of the margin ladder, positions with their liquidation prices,
// margin calls, funding, liquidations. Needs no key: everything on the exchange is public. With --json, one object a line.
// While `npm start` runs:
//   node_modules/.bin/node packages/client/examples/positionMonitor.ts http://127.0.0.1:8080 0x<address> --json --seconds 60
import { parseArgs } from 'node:util';
import { type Account, type AccountChange, KeelClient, type KeelError } from '@keel/client';
import { runExample } from './runExample.ts';
import { untilStopped } from './untilStopped.ts';

/** A mark that moves changes no account, so figures are read this often. */
const ROUND_MS = 500;

/** Rungs in percent of maintenance margin to equity, and what the exchange does there. */
const LADDER = [
  [100, 'liquidation'],
  [90, 'second margin call'],
  [75, 'margin call'],
] as const;

await runExample('positionMonitor.ts <gateway> 0x<address> [--subaccount n] [--json] [--seconds n]', 2, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '0' },
      subaccount: { type: 'string', default: '0' },
    },
  });
  const [url = '', address = ''] = positionals;
  const account = address as `0x${string}`;
  const subaccount = Number(values.subaccount);
  const stopped = untilStopped(Number(values.seconds));
  const client = new KeelClient({ url });

  const tell = (kind: string, facts: Readonly<Record<string, unknown>>): void => {
    if (values.json) console.log(JSON.stringify({ kind, ...facts }));
    else
      console.log(
        `${kind}: ${Object.entries(facts)
          .map(([name, fact]) => `${name} ${text(fact)}`)
          .join(', ')}`,
      );
  };

  let told = '';
  const show = (now: Account): void => {
    const percent = marginPercent(now);
    const positions = now.positions.map(({ market, size, mark, liquidationPrice, unrealisedPnl }) => ({
      market,
      size,
      mark,
      unrealisedPnl,
      liquidationPrice,
      // How far mark may go until then, as a part of it.
      distance: liquidationPrice === null ? null : Math.abs(Number(liquidationPrice) / Number(mark) - 1),
    }));
    const { equity, maintenanceMargin, inLiquidation } = now;
    const facts = { equity, maintenanceMargin, percent, rung: rungOf(now, percent), inLiquidation, positions };
    if (JSON.stringify(facts) === told) return;
    told = JSON.stringify(facts);
    tell('account', { sequence: now.sequence, ...facts });
  };

  const refused: KeelError[] = [];
  client.subscribe(
    { channel: 'account', account, subaccount },
    {
      onFrame: ({ data }) => {
        const change = data as AccountChange;
        for (const { kind, levelPercent, shortage, suggestedOrder } of change.marginEvents)
          tell(kind, { levelPercent, shortage, suggestedOrder });
        for (const { market, amount, size, fundingRate } of change.fundingPayments)
          tell('funding', {
            market,
            [amount.startsWith('-') ? 'received' : 'paid']: amount.replace('-', ''),
            size,
            fundingRate,
          });
        for (const { stage, market, filledSize, price } of change.liquidations)
          tell(stage, { market, filledSize, price });
        show(change);
      },
      onUnreachable: (error) => tell('unreachable', { reason: error.message }),
      onError: (error) => refused.push(error),
    },
  );
  while (!stopped.aborted && refused.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    await client.account(account, subaccount).then(show, (error: KeelError) => {
      if (!error.retryable) refused.push(error);
    });
  }
  client.close();
  if (refused[0] !== undefined) throw refused[0];
});

/** Maintenance margin in percent of equity; null without positions. */
function marginPercent({ equity, maintenanceMargin }: Account): number | null {
  if (maintenanceMargin === '0') return null;
  return Number(equity) > 0 ? Math.floor((100 * Number(maintenanceMargin)) / Number(equity)) : 100;
}

function rungOf({ inLiquidation }: Account, percent: number | null): string {
  if (inLiquidation) return 'liquidation';
  return LADDER.find(([from]) => percent !== null && percent >= from)?.[1] ?? 'sound';
}

function text(fact: unknown): string {
  return typeof fact === 'object' && fact !== null ? JSON.stringify(fact) : String(fact);
}

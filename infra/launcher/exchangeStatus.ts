/** What the gateway's `GET /v1/status` tells, as far as it is shown here. Money and sizes are decimal strings. */
export interface ExchangeStatus {
  readonly sequence: number;
  readonly counters: { readonly orders: number; readonly trades: number; readonly liquidations: number };
  readonly insuranceFund: string;
  readonly markets: readonly MarketLine[];
  readonly lastBatch: BatchLine | null;
}

export interface MarketLine {
  readonly symbol: string;
  readonly openInterest: string;
  /** Null before the first price. */
  readonly mark: string | null;
  readonly priceQuality: string;
  readonly tradingStatus: string;
}

export interface BatchLine {
  readonly batchIndex: number;
  readonly status: string;
  readonly stateRoot: string;
  readonly l1TxHash: string | null;
}

/** How many L1 deposits the sequencer has credited. */
export async function creditedDeposits(sequencerAdminUrl: string): Promise<number> {
  const response = await fetch(`${sequencerAdminUrl}/status`);
  return ((await response.json()) as { readonly nextDepositIndex: number }).nextDepositIndex;
}

/** The state of the exchange from the first gateway that answers; undefined while none does. */
export async function readExchangeStatus(gatewayUrls: readonly string[]): Promise<ExchangeStatus | undefined> {
  for (const url of gatewayUrls) {
    const status = await readOne(url);
    if (status !== undefined) return status;
  }
  return undefined;
}

async function readOne(gatewayUrl: string): Promise<ExchangeStatus | undefined> {
  try {
    const response = await fetch(`${gatewayUrl}/v1/status`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? ((await response.json()) as ExchangeStatus) : undefined;
  } catch {
    return undefined;
  }
}

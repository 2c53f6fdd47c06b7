import type { ComponentChildren } from 'preact';
import { fractionDigits, signOf, toPercent } from '../decimal.ts';
import { exchangeNowMs, selectedMarket } from '../feed/store.ts';
import { countdownText } from './clockText.ts';
import { NumberText } from './numberText.tsx';

function Figure({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The figures of the selected market. */
export function MarketBar() {
  const market = selectedMarket.value;
  if (market === undefined) return <div class="market-bar" />;
  const decimals = fractionDigits(market.tickSize);
  const rate = market.fundingRate;
  return (
    <dl class="market-bar" aria-label={`Figures of ${market.symbol}`} data-testid="market-bar">
      <div class="figure figure-mark">
        <dt>Mark</dt>
        <dd>
          <NumberText value={market.mark} decimals={decimals} testId="mark-price" />
        </dd>
      </div>
      <Figure label="Index">
        <NumberText value={market.index} decimals={decimals} testId="index-price" />
      </Figure>
      <Figure label="Last">
        <NumberText value={market.last} decimals={decimals} testId="last-price" />
      </Figure>
      <Figure label="Funding / 1 h">
        <span class="num" data-testid="funding-rate" title={fundingTitle(rate)}>
          {`${signOf(rate) > 0 ? '+' : ''}${toPercent(rate)} %`}
        </span>
      </Figure>
      <Figure label="Next funding">
        <span class="num" data-testid="funding-countdown">
          {exchangeNowMs.value === 0 ? '–' : countdownText(market.nextFundingTime, exchangeNowMs.value)}
        </span>
      </Figure>
      <Figure label="Open interest">
        <NumberText value={market.openInterest} testId="open-interest" /> <span class="quiet">{market.baseAsset}</span>
      </Figure>
      {market.status !== 'open' && (
        <div class="figure figure-status" role="status" data-testid="market-status">
          <dt>{market.status === 'noPrice' ? 'No index price yet' : 'Index price is old'}</dt>
          <dd>Only orders that reduce risk are taken.</dd>
        </div>
      )}
    </dl>
  );
}

function fundingTitle(rate: string): string {
  if (signOf(rate) === 0) return 'Nobody pays';
  return signOf(rate) > 0 ? 'Longs pay shorts' : 'Shorts pay longs';
}

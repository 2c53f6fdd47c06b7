import type { Liquidation } from '@keel/client';
import type { ComponentChildren } from 'preact';
import { signOf } from '../decimal.ts';
import type { LiquidationGroup } from '../feed/groupLiquidations.ts';
import { AccountLink } from './accountLink.tsx';
import { NumberText } from './numberText.tsx';

/** What happened in a liquidation, a line for each step, oldest first. */
export function LiquidationSteps({ steps }: Pick<LiquidationGroup, 'steps'>) {
  const firstCloseOut = steps.find((step) => step.stage === 'positionCloseOut');
  return (
    <ul class="liquidation-steps">
      {steps.map((step, at) => (
        <li key={at} data-step={step.stage}>
          <Line step={step} firstCloseOut={firstCloseOut} />
        </li>
      ))}
    </ul>
  );
}

interface LineProps {
  readonly step: Liquidation;
  readonly firstCloseOut: Liquidation | undefined;
}

function Line({ step, firstCloseOut }: LineProps): ComponentChildren {
  switch (step.stage) {
    case 'liquidationStarted':
      return (
        <>
          Equity <NumberText value={step.equity} /> fell below maintenance <NumberText value={step.maintenanceMargin} />
          {firstCloseOut !== undefined && (
            <>
              {' '}
              at mark <NumberText value={firstCloseOut.mark} />
            </>
          )}
        </>
      );
    case 'auctionStarted':
      return (
        <>
          Auction of <NumberText value={step.size} /> {step.market} from <NumberText value={step.limitPrice} /> to{' '}
          <NumberText value={step.zeroPrice} />
        </>
      );
    case 'positionCloseOut':
      return <CloseOut step={step} tellMark={step !== firstCloseOut} />;
    case 'insurancePaid':
      return (
        <>
          Insurance fund paid <NumberText value={step.amount} />
        </>
      );
    case 'positionDeleveraged':
      return (
        <>
          Closed <NumberText value={step.size} /> {step.market} against{' '}
          {step.counterparty !== null && <AccountLink address={step.counterparty} />} at{' '}
          <NumberText value={step.price} />, the bankruptcy price
          {step.rank !== null && `; place ${step.rank.place} of ${step.rank.candidates} in line`}
        </>
      );
    case 'liquidationEnded':
      return (
        <>
          Left with equity <NumberText value={step.equity} />, maintenance <NumberText value={step.maintenanceMargin} />
        </>
      );
  }
}

/** The mark that led to the first close-out already stands in the line before it. */
function CloseOut({ step, tellMark }: { readonly step: Liquidation; readonly tellMark: boolean }) {
  const buys = step.side === 'buy';
  const mark = tellMark && (
    <>
      , mark <NumberText value={step.mark} />
    </>
  );
  if (signOf(step.filledSize ?? '0') === 0) {
    return (
      <>
        Nobody {buys ? 'sold' : 'bought'} <NumberText value={step.size} /> {step.market} at{' '}
        <NumberText value={step.limitPrice} /> or better{mark}
      </>
    );
  }
  return (
    <>
      <span class={buys ? 'up' : 'down'}>
        <span class={buys ? 'arrow arrow-up' : 'arrow arrow-down'} aria-hidden="true" />
        {buys ? 'Bought' : 'Sold'}
      </span>{' '}
      <NumberText value={step.filledSize} />
      {step.filledSize !== step.size && (
        <>
          {' '}
          of <NumberText value={step.size} />
        </>
      )}{' '}
      {step.market} at <NumberText value={step.price} testId="liquidation-price" /> (worst allowed{' '}
      <NumberText value={step.limitPrice} />
      {mark})
      <OtherSide step={step} />
    </>
  );
}

/** Whom a close-out went to where it was not the book. */
function OtherSide({ step }: { readonly step: Liquidation }) {
  if (step.counterparty === null) return step.closeOutStage === 'auction' ? <>, in its auction</> : null;
  if (step.closeOutStage === 'backstop') return <>, to the backstop vault</>;
  const words = step.closeOutStage === 'auction' ? ', in its auction, to ' : ', against ';
  return (
    <>
      {words}
      <AccountLink address={step.counterparty} />
    </>
  );
}

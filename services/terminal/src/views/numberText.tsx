import { missingZeros, signOf } from '../decimal.ts';

interface NumberTextProps {
  readonly value: string | null | undefined;
  /** Zeros up to this many decimals are drawn beside the text (not in it), so that columns of numbers line up. */
  readonly decimals?: number;
  readonly testId?: string;
}

/** A decimal text exactly as the exchange gave it. */
export function NumberText({ value, decimals, testId }: NumberTextProps) {
  const shown = value ?? '–';
  const zeros = value === null || value === undefined || decimals === undefined ? '' : missingZeros(value, decimals);
  return (
    <span
      class="num"
      {...(zeros === '' ? {} : { 'data-zeros': zeros })}
      {...(testId === undefined ? {} : { 'data-testid': testId })}
    >
      {shown}
    </span>
  );
}

/** A gain or a loss: sign and arrow say it, colour only repeats it. */
export function SignedText({ value, testId }: { readonly value: string; readonly testId?: string }) {
  const sign = signOf(value);
  const tone = sign > 0 ? 'up' : sign < 0 ? 'down' : '';
  return (
    <span class={`num ${tone}`} {...(testId === undefined ? {} : { 'data-testid': testId })}>
      {sign !== 0 && <span class={sign > 0 ? 'arrow arrow-up' : 'arrow arrow-down'} aria-hidden="true" />}
      {sign > 0 ? `+${value}` : value}
    </span>
  );
}

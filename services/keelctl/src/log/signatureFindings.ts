import type { SequencedCommand } from '@keel/types';
import type { SignatureForm, SignatureVerdict } from './checkSignature.ts';

export interface WrongSignature {
  readonly sequence: number;
  readonly kind: string;
  readonly form: SignatureForm;
  readonly reason: string;
}

/** Commands by what was signed, wrong ones among them. */
export interface SignatureFindings {
  readonly native: number;
  readonly hyperliquid: number;
  readonly none: number;
  readonly wrongNative: number;
  readonly wrongHyperliquid: number;
  /** The one of the lowest sequence. */
  readonly firstWrong: WrongSignature | undefined;
}

export const noFindings: SignatureFindings = {
  native: 0,
  hyperliquid: 0,
  none: 0,
  wrongNative: 0,
  wrongHyperliquid: 0,
  firstWrong: undefined,
};

export function addFinding(
  found: SignatureFindings,
  { sequence, command: { kind } }: SequencedCommand,
  { form, fault }: SignatureVerdict,
): SignatureFindings {
  const isWrong = fault !== undefined;
  return joinFindings(found, {
    ...noFindings,
    [form]: 1,
    wrongNative: isWrong && form === 'native' ? 1 : 0,
    wrongHyperliquid: isWrong && form === 'hyperliquid' ? 1 : 0,
    firstWrong: isWrong ? { sequence, kind, form, reason: fault } : undefined,
  });
}

/** Threads end in any order, so the first wrong one is looked for, not taken. */
export function joinFindings(one: SignatureFindings, other: SignatureFindings): SignatureFindings {
  const wrong = [one.firstWrong, other.firstWrong].filter((each) => each !== undefined);
  return {
    native: one.native + other.native,
    hyperliquid: one.hyperliquid + other.hyperliquid,
    none: one.none + other.none,
    wrongNative: one.wrongNative + other.wrongNative,
    wrongHyperliquid: one.wrongHyperliquid + other.wrongHyperliquid,
    firstWrong: wrong.sort((left, right) => left.sequence - right.sequence)[0],
  };
}

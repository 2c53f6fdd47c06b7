import type { Address, PriceFeeder } from '@keel/types';

export const FEEDERS = 5;

export function addressOf(trader: number): Address {
  return `0x${(trader + 1).toString(16).padStart(40, '0')}`;
}

/** Undefined for the vault of a market, which is nobody's. */
export function traderOf(owner: Address): number | undefined {
  const trader = Number.parseInt(owner.slice(-4), 16) - 1;
  return owner === addressOf(trader) ? trader : undefined;
}

/** Those whose bit is set, with different weights. */
export function feedersOf(bits: number): PriceFeeder[] {
  const all = Array.from({ length: FEEDERS + 1 }, (_, place) => ({
    feeder: `0x${(0xf0 + place).toString(16).repeat(20)}` as const,
    weight: 1 + (place % 3),
  }));
  return all.filter((_, place) => ((bits >> place) & 1) === 1);
}

export function agentOf(trader: number, agent: number): Address {
  return `0x${(0xa000 + trader * 16 + agent).toString(16).padStart(40, '0')}`;
}

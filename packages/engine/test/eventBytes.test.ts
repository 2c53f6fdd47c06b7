import {
  type Certificate,
  type CertifiedMarket,
  COLLATERAL_ASSETS_MAX,
  type Event,
  MARGIN_TIERS_MAX,
  MARKETS_MAX,
  PRICE_FEEDERS_MAX,
  toAccountId,
  toOrderId,
} from '@keel/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventBytes, writeEvent } from '../src/index.ts';
import { EVENTS } from './eventArbitraries.ts';
import { CERTIFICATE, CERTIFIED_MARKET, LISTED, REPORT, TIER } from './eventSamples.ts';
import { changed, fieldsOf, placesOf } from './eventVariants.ts';
import { runsOf } from './runsOf.ts';

const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);

const into = createEventBytes();
/** The bytes of one event as a text of one character each. */
function bytesOf(...events: readonly Event[]): string {
  into.length = 0;
  for (const event of events) writeEvent(into, event);
  return Buffer.from(into.bytes.subarray(0, into.length)).toString('latin1');
}

describe('the bytes of an event', () => {
  test('are its kind, then its fields, little-endian', () => {
    expect(
      Buffer.from(bytesOf({ kind: 'orderRested', orderId: toOrderId(2 ** 32 + 2), remainingLots: -1 }), 'latin1'),
    ).toEqual(Buffer.from('09' + '0200000001000000' + 'ffffffffffffffff', 'hex'));
    expect(Buffer.from(bytesOf({ kind: 'batchItem', item: -(2 ** 33) + 1, orderId: 0, code: 306 }), 'latin1')).toEqual(
      Buffer.from('1d' + '01000000feffffff' + '0000000000000000' + '3201', 'hex'),
    );
  });

  test.each(Object.entries(EVENTS))('%s: equal events and no others have equal bytes', (_kind, events) => {
    fc.assert(
      fc.property(events as fc.Arbitrary<Event>, events as fc.Arbitrary<Event>, fc.nat(), (one, other, pick) => {
        const bytes = bytesOf(one);
        expect(bytesOf(structuredClone(one))).toBe(bytes);
        const names = Object.keys(one);
        const name = names[pick % names.length] ?? '';
        // Two whole events, and two that differ in one field at most.
        for (const changed of [other, { ...one, [name]: other[name as keyof Event] } as Event]) {
          const same = JSON.stringify(fieldsOf(changed, '')) === JSON.stringify(fieldsOf(one, ''));
          const again = bytesOf(changed);
          expect(again === bytes).toBe(same);
          // A log falls into its events in one way only.
          if (!same) expect(again.startsWith(bytes)).toBe(false);
        }
      }),
      { numRuns: runsOf(400), seed: SEED, endOnFailure: process.env.KEEL_TEST_SHRINK === undefined },
    );
  });

  test('every field is in them', () => {
    for (const [kind, events] of Object.entries(EVENTS)) {
      const samples = fc.sample(events as fc.Arbitrary<Event>, { numRuns: 300, seed: SEED });
      const first = samples[0] as Event;
      for (const name of Object.keys(first)) {
        if (name === 'kind') continue;
        const values = samples.map((sample) => ({ ...first, [name]: sample[name as keyof Event] }) as Event);
        const distinct = new Set(values.map((event) => JSON.stringify(fieldsOf(event, ''))));
        expect(distinct.size, `${kind}.${name}`).toBeGreaterThan(1);
        expect(new Set(values.map((event) => bytesOf(event))).size, `${kind}.${name}`).toBe(distinct.size);
      }
    }
  });

  test('many follow one another in room that grows and is used again', () => {
    const room = createEventBytes();
    const event: Event = { kind: 'cancelAllAfterFired', accountId: toAccountId(7) };
    for (let round = 0; round < 2; round += 1) {
      room.length = 0;
      for (let count = 0; count < 20_000; count += 1) writeEvent(room, event);
      expect(room.length).toBe(20_000 * 9);
      expect(room.bytes[room.length - 9]).toBe(31);
    }
  });

  test('every figure inside a spec, a rank and a certificate is in them', () => {
    const certified = (certificate: Certificate) => bytesOf({ kind: 'closeOutCertified', certificate });
    for (const place of placesOf(CERTIFICATE)) {
      const others = [4, 5].map((value) => certified(changed(CERTIFICATE, place, value, false)));
      expect(others[0], place.join('.')).not.toBe(others[1]);
    }
    for (const place of placesOf(LISTED)) {
      const others = [4, 5].map((value) =>
        bytesOf({ kind: 'marketListed', spec: changed(LISTED, place, value, false) }),
      );
      expect(others[0], place.join('.')).not.toBe(others[1]);
    }
  });

  test('the longest certificate has room', () => {
    const reports = Array.from({ length: PRICE_FEEDERS_MAX }, () => REPORT);
    const tiers = Array.from({ length: MARGIN_TIERS_MAX }, () => TIER);
    const market: CertifiedMarket = { ...CERTIFIED_MARKET, marginTiers: tiers, reports };
    const certificate: Certificate = {
      ...CERTIFICATE,
      balances: Array.from({ length: COLLATERAL_ASSETS_MAX }, () => ({ ...CERTIFICATE.balances[0]!, reports })),
      positions: Array.from({ length: MARKETS_MAX }, () => CERTIFICATE.positions[0]!),
      markets: Array.from({ length: MARKETS_MAX }, () => market),
    };
    const end: Event = { kind: 'cancelAllAfterFired', accountId: toAccountId(7) };
    const bytes = bytesOf({ kind: 'closeOutCertified', certificate }, end);
    expect(bytes.length).toBeGreaterThan(1_000_000);
    expect(bytes.endsWith(bytesOf(end))).toBe(true);
  });

  test('refuse what could not be told apart', () => {
    expect(() =>
      bytesOf({ kind: 'accountOpened', accountId: toAccountId(1), owner: `0x${'AB'.repeat(20)}`, subaccount: 0 }),
    ).toThrow();
    expect(() =>
      bytesOf({ kind: 'orderDuplicated', orderId: toOrderId(1), accountId: toAccountId(1), clientOrderId: 'ö' }),
    ).toThrow();
    expect(() => bytesOf({ kind: 'orderRested', orderId: toOrderId(1), remainingLots: 0.5 })).toThrow();
  });
});

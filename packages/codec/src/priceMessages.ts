import type { PriceFeeder as PriceFeederMessage, PriceReport as PriceReportMessage } from '@keel/proto/price';
import { PRICE_FEEDERS_MAX, type PriceFeeder, type PriceReport } from '@keel/types';
import { addressToBytes, bytesToAddress, bytesToHex, hexToBytes, SIGNATURE_BYTES } from './bytes.ts';
import { fromUint64, toUint32, toUint64 } from './integers.ts';
import { fromItems, toItems } from './itemLists.ts';

/** More than PRICE_FEEDERS_MAX is a fault of ours; their order is the engine's to judge. */
export function feedersToMessages(feeders: readonly PriceFeeder[]): PriceFeederMessage[] {
  return toItems(feeders, feederToMessage, 'feeders', PRICE_FEEDERS_MAX);
}

/** Throws CodecError. */
export function feedersFromMessages(messages: readonly PriceFeederMessage[]): PriceFeeder[] {
  return fromItems(messages, feederFromMessage, 'feeders', PRICE_FEEDERS_MAX);
}

/** More than PRICE_FEEDERS_MAX is a fault of ours; their order is the engine's to judge. */
export function reportsToMessages(reports: readonly PriceReport[]): PriceReportMessage[] {
  return toItems(reports, reportToMessage, 'reports', PRICE_FEEDERS_MAX);
}

/** Throws CodecError; whether a signature is its feeder's is the sequencer's to find out. */
export function reportsFromMessages(messages: readonly PriceReportMessage[]): PriceReport[] {
  return fromItems(messages, reportFromMessage, 'reports', PRICE_FEEDERS_MAX);
}

function feederToMessage({ feeder, weight }: PriceFeeder): PriceFeederMessage {
  return {
    $typeName: 'keel.v1.PriceFeeder',
    feeder: addressToBytes(feeder, 'feeder'),
    weight: toUint32(weight, 'weight'),
  };
}

function feederFromMessage({ feeder, weight }: PriceFeederMessage): PriceFeeder {
  return { feeder: bytesToAddress(feeder, 'feeder'), weight };
}

function reportToMessage(report: PriceReport): PriceReportMessage {
  return {
    $typeName: 'keel.v1.PriceReport',
    feeder: addressToBytes(report.feeder, 'report.feeder'),
    priceTicks: toUint64(report.priceTicks, 'report.priceTicks'),
    perpTicks: toUint64(report.perpTicks, 'report.perpTicks'),
    publishTimeMs: toUint64(report.publishTimeMs, 'report.publishTimeMs'),
    reportSequence: toUint64(report.reportSequence, 'report.reportSequence'),
    signature: hexToBytes(report.signature, SIGNATURE_BYTES, 'report.signature'),
  };
}

function reportFromMessage(report: PriceReportMessage): PriceReport {
  return {
    feeder: bytesToAddress(report.feeder, 'report.feeder'),
    priceTicks: fromUint64(report.priceTicks, 'report.priceTicks'),
    perpTicks: fromUint64(report.perpTicks, 'report.perpTicks'),
    publishTimeMs: fromUint64(report.publishTimeMs, 'report.publishTimeMs'),
    reportSequence: fromUint64(report.reportSequence, 'report.reportSequence'),
    signature: bytesToHex(report.signature, SIGNATURE_BYTES, 'report.signature'),
  };
}

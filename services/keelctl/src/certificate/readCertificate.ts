import type { Address, Certificate } from '@keel/types';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { CommandLineFault } from '../commandLineFault.ts';
import { readBounded } from '../readBounded.ts';
import { certificateSchema, wrappedSchema } from './certificateSchema.ts';

/** 255 markets with 31 reports each would be larger; 16 markets of them fit. */
const BYTES_MAX = 1024 * 1024;

export interface CertificateFile {
  readonly certificate: Certificate;
  /** What the file says its signatures are bound to; undefined for a bare certificate. */
  readonly domain: Wrapping['domain'] | undefined;
}

interface Wrapping {
  readonly domain: { readonly chainId: number; readonly verifyingContract: Address };
  readonly certificate: unknown;
}

/**
 * One certificate, bare or as the gateway wraps it.
 * @throws CommandLineFault when the file holds anything else.
 */
export function readCertificate(file: string): CertificateFile {
  const json = parse(file);
  const wrapped = wrappingOf(file, json);
  const certificate: unknown = wrapped === undefined ? json : wrapped.certificate;
  assertShape(file, certificateSchema, certificate);
  // JSON has no undefined: a rank that is not there may be written as null.
  const { rank, ...rest } = certificate as Certificate & { readonly rank?: Certificate['rank'] | null };
  return { certificate: { ...rest, rank: rank ?? undefined }, domain: wrapped?.domain };
}

/** The gateway's answer around a certificate; undefined for a bare one. */
function wrappingOf(file: string, json: unknown): Wrapping | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if ('certificates' in json)
    throw new CommandLineFault(
      `${file} is a list: save one of them, as GET /v1/certificates/{certificateId} answers it`,
    );
  if (!('certificate' in json)) return undefined;
  assertShape(file, wrappedSchema, json);
  const { domain, certificate } = json as Wrapping;
  const verifyingContract = domain.verifyingContract.toLowerCase() as Address;
  return { domain: { chainId: domain.chainId, verifyingContract }, certificate };
}

function parse(file: string): unknown {
  const text = readBounded(file, BYTES_MAX);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CommandLineFault(`${file} is no JSON`);
  }
}

function assertShape(file: string, schema: TSchema, value: unknown): void {
  if (Value.Check(schema, value)) return;
  const [first] = Value.Errors(schema, value);
  const where = first?.instancePath === '' ? 'it' : first?.instancePath.slice(1).replaceAll('/', '.');
  // An unknown field has the schema `false`, which says nothing to people.
  const what = first?.keyword === 'boolean' ? 'is no field of one' : first?.message;
  throw new CommandLineFault(`${file} is no certificate: ${where} ${what}`);
}

import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { readAddress, readAnyObject, readBoolean, readCount, readText } from './readFields.ts';
import { Unreadable } from './unreadable.ts';
import { addressWord, countWord, domainSeparator, textWord, typedHash } from './words.ts';

type FieldType = 'string' | 'address' | 'bool' | 'uint64';
type FieldTable = readonly (readonly [name: string, type: FieldType])[];

const CHAIN = ['hyperliquidChain', 'string'] as const;
const NONCE = ['nonce', 'uint64'] as const;
const TIME = ['time', 'uint64'] as const;
const AMOUNT = ['amount', 'string'] as const;
const DESTINATION = ['destination', 'string'] as const;
const USER = ['user', 'address'] as const;

/** Actions whose own fields a wallet shows, each as its struct is called and what it holds. */
const STRUCTS: Readonly<Record<string, readonly [name: string, fields: FieldTable]>> = {
  approveAgent: ['ApproveAgent', [CHAIN, ['agentAddress', 'address'], ['agentName', 'string'], NONCE]],
  approveBuilderFee: ['ApproveBuilderFee', [CHAIN, ['maxFeeRate', 'string'], ['builder', 'address'], NONCE]],
  withdraw3: ['Withdraw', [CHAIN, DESTINATION, AMOUNT, TIME]],
  usdSend: ['UsdSend', [CHAIN, DESTINATION, AMOUNT, TIME]],
  spotSend: ['SpotSend', [CHAIN, DESTINATION, ['token', 'string'], AMOUNT, TIME]],
  usdClassTransfer: ['UsdClassTransfer', [CHAIN, AMOUNT, ['toPerp', 'bool'], NONCE]],
  sendAsset: [
    'SendAsset',
    [
      CHAIN,
      DESTINATION,
      ['sourceDex', 'string'],
      ['destinationDex', 'string'],
      ['token', 'string'],
      AMOUNT,
      ['fromSubAccount', 'string'],
      NONCE,
    ],
  ],
  cDeposit: ['CDeposit', [CHAIN, ['wei', 'uint64'], NONCE]],
  cWithdraw: ['CWithdraw', [CHAIN, ['wei', 'uint64'], NONCE]],
  tokenDelegate: [
    'TokenDelegate',
    [CHAIN, ['validator', 'address'], ['wei', 'uint64'], ['isUndelegate', 'bool'], NONCE],
  ],
  userDexAbstraction: ['UserDexAbstraction', [CHAIN, USER, ['enabled', 'bool'], NONCE]],
  userSetAbstraction: ['UserSetAbstraction', [CHAIN, USER, ['abstraction', 'string'], NONCE]],
};

const CHAIN_ID = /^0x[0-9a-fA-F]{1,12}$/;

/** Whether actions of this type are signed field by field; all others as a hash of the whole. */
export function isUserSigned(type: string): boolean {
  return Object.hasOwn(STRUCTS, type);
}

/** The 32 bytes that a wallet signed. Throws Unreadable for a type that is not signed so, or a field that does not fit. */
export function hashUserSigned(action: object): Uint8Array {
  const fields = readAnyObject(action, 'action');
  const type = readText(fields.type, 'action.type');
  const struct = isUserSigned(type) ? STRUCTS[type] : undefined;
  if (struct === undefined) throw new Unreadable(`action.type ${type.slice(0, 32)} is not signed field by field`);
  const [name, table] = struct;
  const typeText = `HyperliquidTransaction:${name}(${table.map(([field, kind]) => `${kind} ${field}`).join(',')})`;
  const words = table.map(([field, kind]) => wordOf(kind, named(fields[field], field), `action.${field}`));
  const separator = domainSeparator('HyperliquidSignTransaction', chainIdOf(fields.signatureChainId));
  return typedHash(separator, keccak_256(concatBytes(textWord(typeText), ...words)));
}

/** An agent without a name is signed with an empty one. */
function named(value: unknown, field: string): unknown {
  return field === 'agentName' ? (value ?? '') : value;
}

function chainIdOf(value: unknown): number {
  if (typeof value !== 'string' || !CHAIN_ID.test(value))
    throw new Unreadable('action.signatureChainId is not 0x and a chain id in hex');
  return Number(value);
}

function wordOf(type: FieldType, value: unknown, path: string): Uint8Array {
  switch (type) {
    case 'string':
      return textWord(readText(value, path));
    case 'address':
      return addressWord(readAddress(value, path));
    case 'bool':
      return countWord(readBoolean(value, path) ? 1 : 0);
    case 'uint64':
      return countWord(readCount(value, path));
  }
}

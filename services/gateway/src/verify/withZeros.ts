import type { SignableAction } from '@keel/signing';

const DECIMAL = /^(0|[1-9][0-9]*)(\.[0-9]+)?$/;
/** Names that may look like decimals and are none. */
const NAMES: ReadonlySet<string> = new Set(['orderId', 'clientOrderId', 'agentName', 'market', 'asset']);
/** More than the smallest step of any market or asset has. */
const DECIMALS_MAX = 8;

/**
 * The same action as a client signs it that formats its numbers with a fixed count of decimals: each decimal field by itself,
 * and all at once; in a batch, whose hash is dear, only all at once. With what to tell about each.
 */
export function withZeros(action: SignableAction): [explanation: string, signed: SignableAction][] {
  const fields = [...new Set(decimalFields(action))];
  const isBatch = Object.values(action).some(Array.isArray);
  const alone = isBatch || fields.length < 2 ? [] : fields.map((field) => [field]);
  const tries: [string, SignableAction][] = [];
  for (let decimals = 1; decimals <= DECIMALS_MAX; decimals += 1) {
    for (const names of [...alone, fields]) {
      const signed = padded(action, new Set(names), decimals) as SignableAction;
      const explanation = `signed with ${decimals} decimals in ${names.join(' and ')}; sign the text that is sent, without trailing zeros`;
      if (JSON.stringify(signed) !== JSON.stringify(action)) tries.push([explanation, signed]);
    }
  }
  return tries;
}

function decimalFields(value: object): string[] {
  return Object.entries(value).flatMap(([name, field]) => {
    if (typeof field === 'object' && field !== null) return decimalFields(field);
    // "0" is how none is spelled; nobody formats that.
    return typeof field === 'string' && DECIMAL.test(field) && field !== '0' && !NAMES.has(name) ? [name] : [];
  });
}

function padded(value: unknown, names: ReadonlySet<string>, decimals: number): unknown {
  if (Array.isArray(value)) return value.map((item) => padded(item, names, decimals));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => {
    const isDecimal = names.has(name) && typeof field === 'string' && DECIMAL.test(field) && field !== '0';
    return [name, isDecimal ? pad(field, decimals) : padded(field, names, decimals)];
  });
  return Object.fromEntries(fields);
}

function pad(text: string, decimals: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(decimals, '0')}`;
}

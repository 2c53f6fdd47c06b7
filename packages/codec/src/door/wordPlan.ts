import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';

/**
 * How a field of proto/keel/v1/door.proto stands in JSON. Made from the descriptor, so that what the words say is said there
 * only: a field has its name in JSON, the few below apart.
 */
export interface FieldPlan {
  readonly number: number;
  readonly key: string;
  readonly kind: Kind;
  readonly list: boolean;
  /** A list of numbers in one piece. */
  readonly packed: boolean;
  /** Absent and zero differ. */
  readonly explicit: boolean;
  /** A message whose fields stand among those of the message around it. */
  readonly flat: boolean;
  /** Names of the others of which one only may be there. */
  readonly others: readonly string[];
  /** What JSON means when the field is left out; then it is left out here, too. */
  readonly leftOut: unknown;
  readonly message: MessagePlan | undefined;
  readonly numberOf: ReadonlyMap<string, number>;
  readonly textOf: ReadonlyMap<number, string>;
}

/**
 * uint, sint: a number; id: digits in JSON; hex: bytes; object: a JSON text of an object; ticks, lots, ppb: a decimal in JSON.
 */
export type Kind =
  | 'uint'
  | 'sint'
  | 'fixed'
  | 'id'
  | 'text'
  | 'bool'
  | 'hex'
  | 'enum'
  | 'message'
  | 'object'
  | 'ticks'
  | 'lots'
  | 'ppb';

export interface MessagePlan {
  readonly fields: readonly FieldPlan[];
  readonly byNumber: ReadonlyMap<number, FieldPlan>;
  /** What JSON says always and the words never. */
  readonly constants: Readonly<Record<string, unknown>>;
}

const FLAT: ReadonlySet<string> = new Set([
  'guard',
  'terms',
  'name',
  'amendment',
  'ack',
  'placed',
  'amended',
  'traded',
  'cancelled',
  'best',
]);
const IDS: ReadonlySet<string> = new Set(['orderId', 'tradeId', 'replacedOrderId', 'cancelledOrderIds']);
const KEYS: Readonly<Record<string, string>> = {
  priceTicks: 'price',
  sizeLots: 'size',
  markTicks: 'mark',
  indexTicks: 'index',
  lastTicks: 'last',
  openInterestLots: 'openInterest',
  fundingRatePpb: 'fundingRate',
};
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  DoorGuard: { subaccount: 0, expiresAfter: 0 },
  DoorTerms: {
    timeInForce: 'gtc',
    reduceOnly: false,
    clientOrderId: '',
    expiresAt: 0,
    displaySize: '0',
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    triggerKind: '',
    triggerPrice: '0',
    trail: '0',
    takeProfitTrigger: '0',
    takeProfitPrice: '0',
    stopLossTrigger: '0',
    stopLossPrice: '0',
  },
  DoorOrderName: { orderId: '0', clientOrderId: '' },
  DoorPlaceOrders: { grouping: 'none' },
  DoorCancelAllOrders: { market: '' },
};
const CONSTANTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  DoorAck: { status: 'acked', durability: 'acked' },
};
/** As descriptors say it: the field was written, even where it is zero. */
const EXPLICIT_PRESENCE = 1;

const plans = new Map<DescMessage, MessagePlan>();

/** The plan of a message; made once. */
export function planOf(message: DescMessage): MessagePlan {
  const known = plans.get(message);
  if (known !== undefined) return known;
  const fields = message.fields.map((field) => planField(field, message));
  const plan: MessagePlan = {
    fields,
    byNumber: new Map(fields.map((field) => [field.number, field])),
    constants: CONSTANTS[message.name] ?? {},
  };
  plans.set(message, plan);
  return plan;
}

function planField(field: DescField, { name }: DescMessage): FieldPlan {
  const { localName, number } = field;
  const oneof = field.fieldKind === 'list' || field.fieldKind === 'map' ? undefined : field.oneof;
  const names = textsOf(field.enum);
  return {
    number,
    key: KEYS[localName] ?? localName,
    kind: kindOf(field),
    list: field.fieldKind === 'list',
    packed: field.fieldKind === 'list' && field.packed,
    explicit: field.presence === EXPLICIT_PRESENCE,
    flat: field.message !== undefined && FLAT.has(localName),
    others: oneof?.fields.filter((other) => other !== field).map((other) => other.localName) ?? [],
    leftOut: LEFT_OUT[name]?.[localName],
    message: field.message === undefined ? undefined : planOf(field.message),
    numberOf: new Map(names),
    textOf: new Map(names.map(([text, value]) => [value, text])),
  };
}

function kindOf(field: DescField): Kind {
  if (field.message !== undefined) return 'message';
  if (field.enum !== undefined) return 'enum';
  const { localName } = field;
  switch (field.scalar) {
    case ScalarType.BOOL:
      return 'bool';
    case ScalarType.BYTES:
      return 'hex';
    case ScalarType.STRING:
      return localName === 'details' ? 'object' : 'text';
    case ScalarType.FIXED32:
      return 'fixed';
    case ScalarType.SINT64:
      return localName.endsWith('Ppb') ? 'ppb' : 'sint';
    default:
      if (IDS.has(localName)) return 'id';
      if (localName.endsWith('Ticks')) return 'ticks';
      return localName.endsWith('Lots') ? 'lots' : 'uint';
  }
}

/** Zero is nobody's value and has no text. */
function textsOf(described: DescEnum | undefined): [string, number][] {
  const values = described?.values.filter((value) => value.number !== 0) ?? [];
  return values.map((value) => [camel(value.localName), value.number]);
}

/** `POST_ONLY` -> `postOnly` */
function camel(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());
}

/** What an absent field of an answer is in JSON. */
export function absentOf(field: FieldPlan): unknown {
  if (field.list) return [];
  if (field.explicit) return null;
  switch (field.kind) {
    case 'bool':
      return false;
    case 'text':
      return '';
    case 'object':
      return {};
    case 'hex':
      return '0x';
    case 'id':
    case 'ticks':
    case 'lots':
    case 'ppb':
      return '0';
    case 'enum':
    case 'message':
      return null;
    default:
      return 0;
  }
}

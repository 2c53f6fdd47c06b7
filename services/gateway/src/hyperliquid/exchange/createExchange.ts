import { setTimeout as sleep } from 'node:timers/promises';
import {
  encodeAction,
  type HyperliquidAction,
  type HyperliquidRequest,
  hashAction,
  parseAction,
  parseRequest,
  type Translation,
  translateAction,
  Unreadable,
} from '@keel/hyperliquid';
import type { ReadModel } from '@keel/redis';
import { isSignatureFault } from '@keel/signing';
import type { Address, Hex, HyperliquidSource, OrderName, SignedCommand } from '@keel/types';
import { type CommandDoor, passDoor } from '../../commands/signedCommand.ts';
import { ApiError } from '../../errors.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { toApiError } from '../../toApiError.ts';
import { AgentOwners } from './agentOwners.ts';
import { BodyUnreadable } from './bodyUnreadable.ts';
import { classifyAction } from './classifyAction.ts';
import { errorText } from './errorTexts.ts';
import { ownersOwnKey, refuseAtFence, signedForMainnet, unknownSigner } from './fence.ts';
import { err, formatDone, ok } from './formatDone.ts';

export interface ExchangeParts {
  readonly door: CommandDoor;
  readonly markets: MarketDirectory;
  readonly readModel: ReadModel;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `b`: only what is signed for Hyperliquid's testnet. `ab`: its mainnet, too, which is dangerous; see the README. */
  readonly sources: 'b' | 'ab';
  /** Told of a fault of ours, which the client is told of as such. */
  readonly onFault?: (fault: unknown) => void;
}

/** Signed actions of the surface that clients of Hyperliquid speak, over REST and as `post` over WebSocket. */
export interface HyperliquidExchange {
  /**
   * `body` as it was parsed from JSON, keys in the order in which they came, and the network address that sent it. Resolves to
   * what goes out as JSON, refusals of every kind included ({status: 'err', response}). Rejects with BodyUnreadable for what is
   * no exchange request.
   */
  run(body: unknown, from: string): Promise<object>;
}

/** A request that is refused with this sentence. */
class ActionRefused extends Error {
  override readonly name: string = 'ActionRefused';
}
/** Because of who signed it. */
class SignerRefused extends ActionRefused {
  override readonly name = 'SignerRefused';
}
const isOfStranger = (fault: unknown): boolean => fault instanceof SignerRefused;

/** A signer found to be an agent, and the network for which it signed. */
interface FoundAgent {
  readonly signer: Address;
  readonly owner: Address;
  readonly source: HyperliquidSource;
}

export function createExchange(parts: ExchangeParts): HyperliquidExchange {
  const owners = new AgentOwners(parts.readModel, () => performance.now());
  const acked: Acked = { sequence: 0 };
  return {
    run: async (body, from) => {
      const { request, action, bytes } = read(body);
      try {
        const refusal = refuseAtFence(request);
        if (refusal !== undefined) throw new ActionRefused(refusal);
        if (action.type === 'ignored') return ok({ type: 'default' });
        const run = () => carryOut({ ...parts, owners, acked }, request, action, bytes);
        return await parts.door.strangers.guard(from, run, isOfStranger);
      } catch (fault) {
        if (fault instanceof ActionRefused) return err(fault.message);
        const error = toApiError(fault);
        if (error.code === 'INTERNAL') parts.onFault?.(error.cause);
        return err(
          error.code === 'BAD_SIGNATURE' ? `Invalid signature: ${error.details.fault}` : errorText(error.code),
        );
      }
    },
  };
}

interface ReadBody {
  readonly request: HyperliquidRequest;
  readonly action: HyperliquidAction;
  /** What was hashed. */
  readonly bytes: Uint8Array;
}

function read(body: unknown): ReadBody {
  try {
    const request = parseRequest(body);
    return { request, action: parseAction(request.action), bytes: encodeAction(request.action) };
  } catch (fault) {
    if (!(fault instanceof Unreadable)) throw fault;
    throw new BodyUnreadable(`Failed to deserialize the JSON body into the target type: ${fault.message}`);
  }
}

/** The newest of what was acked here. */
interface Acked {
  sequence: number;
}

/** What has one life with the exchange beside what it was made of. */
interface Workings extends ExchangeParts {
  readonly owners: AgentOwners;
  readonly acked: Acked;
}

async function carryOut(
  parts: Workings,
  request: HyperliquidRequest,
  action: HyperliquidAction,
  bytes: Uint8Array,
): Promise<object> {
  const { door, markets, owners, acked } = parts;
  // What needs no signer to be refused is refused before one is looked for.
  const early = translateOrRefuse(parts, action, () => undefined);
  const changesSeveral = action.type === 'batchModify' && action.modifies.length > 1;
  if (early.request === undefined && !changesSeveral) return formatDone(action, early, undefined, markets);

  let done = early;
  let agent: FoundAgent | undefined;
  const claim = {
    ...classifyAction(action),
    owner: undefined,
    job: { hash: hashAction(bytes, request, 'b'), signature: request.signature },
  };
  const nothingLeft = new Error('no item is left');
  try {
    const block = await passDoor(door, claim, async (signer) => {
      agent = await findAgent(parts, owners, request, bytes, signer, classifyAction(action).requestClass);
      if (changesSeveral)
        done = translateOrRefuse(parts, action, await openOrdersOf(parts, agent.owner, acked.sequence));
      if (done.request === undefined) throw nothingLeft;
      return commandOf(done.request, request, bytes, agent);
    });
    acked.sequence = Math.max(acked.sequence, block.sequence);
    return formatDone(action, done, block, markets);
  } catch (fault) {
    if (fault === nothingLeft) return formatDone(action, done, undefined, markets);
    return answerRefusal(fault, action, owners, agent);
  }
}

/** Refusals that mean something else here than in our own words; all others are thrown on. */
function answerRefusal(
  fault: unknown,
  action: HyperliquidAction,
  owners: AgentOwners,
  agent: FoundAgent | undefined,
): object {
  const code = fault instanceof ApiError ? fault.code : undefined;
  // It got as far as using its nonce up, which is all that was wanted.
  if (action.type === 'noop' && code === 'BATCH_SIZE_INVALID') return ok({ type: 'default' });
  if (agent !== undefined && code !== undefined && NOT_AN_AGENT.has(code)) {
    owners.forget(agent.signer);
    throw new SignerRefused(unknownSigner(agent.signer));
  }
  throw fault;
}

const NOT_AN_AGENT: ReadonlySet<string> = new Set(['SIGNER_NOT_AUTHORIZED', 'AGENT_EXPIRED', 'ACCOUNT_UNKNOWN']);

function translateOrRefuse(
  { markets, now }: ExchangeParts,
  action: HyperliquidAction,
  openOrder: Parameters<typeof translateAction>[1]['openOrder'],
): Translation {
  const translation = translateAction(action, {
    specOf: (marketId) => markets.find(marketId)?.spec,
    nowMs: now(),
    openOrder,
  });
  if (translation.kind === 'refused') throw new ActionRefused(translation.sentence);
  return translation;
}

/** A read model that is further behind than this is not waited for: its orders are taken as they are. */
const BEHIND_MS_MAX = 500;
const ASK_EVERY_MS = 5;

/**
 * The account's open orders by their names, not older than what was acked here: the read model follows the log by some
 * milliseconds, and who changes an order that it was just told of must not hear that there is none.
 */
async function openOrdersOf({ readModel }: ExchangeParts, owner: Address, ackedSequence: number) {
  const deadlineMs = performance.now() + BEHIND_MS_MAX;
  const read = () => readModel.account({ address: owner, subaccount: 0 });
  let now = await read();
  while (now.head.sequence < ackedSequence && performance.now() < deadlineMs) {
    await sleep(ASK_EVERY_MS);
    now = await read();
  }
  const { orders } = now;
  return ({ orderId, clientOrderId }: OrderName) =>
    orders.find((order) => (orderId === 0 ? order.clientOrderId === clientOrderId : order.orderId === orderId));
}

/** Who signed, as an agent, and for whom. Throws ActionRefused with what to do about it. */
async function findAgent(
  { door, sources }: ExchangeParts,
  owners: AgentOwners,
  request: HyperliquidRequest,
  bytes: Uint8Array,
  signer: Address,
  requestClass: Parameters<CommandDoor['signatures']['check']>[1],
): Promise<FoundAgent> {
  const role = await owners.find(signer);
  if (role.kind === 'agent') return { signer, owner: role.owner, source: 'b' };
  if (role.kind === 'owner') throw new SignerRefused(ownersOwnKey(signer));
  const job = { hash: hashAction(bytes, request, 'a'), signature: request.signature };
  const forMainnet = await door.signatures.check(job, requestClass);
  if (!isSignatureFault(forMainnet)) {
    const otherRole = await owners.find(forMainnet);
    if (otherRole.kind === 'agent' && sources === 'ab')
      return { signer: forMainnet, owner: otherRole.owner, source: 'a' };
    if (otherRole.kind === 'agent') throw new SignerRefused(signedForMainnet(signer, forMainnet));
    if (otherRole.kind === 'owner') throw new SignerRefused(ownersOwnKey(forMainnet));
  }
  throw new SignerRefused(unknownSigner(signer));
}

function commandOf(
  translated: NonNullable<Translation['request']>,
  { nonce, signature, expiresAfter = 0 }: HyperliquidRequest,
  bytes: Uint8Array,
  { signer, owner, source }: FoundAgent,
): SignedCommand {
  const action: Hex = `0x${Buffer.from(bytes).toString('hex')}`;
  const auth = {
    owner,
    subaccount: 0,
    signer,
    nonce,
    expiresAfterMs: expiresAfter,
    signature,
    hyperliquid: { action, source },
  };
  return { ...translated, auth };
}

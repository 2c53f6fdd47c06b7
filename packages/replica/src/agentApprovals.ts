import type { ApprovalDoc, ApprovalsDoc } from '@keel/redis';
import type { AccountId, Address, TimeMs } from '@keel/types';

/**
 * Which owners approved an agent, in the order in which they did: the first whose approval stands is whom the agent's address
 * leads to. The engine keeps each account's agents without that order, because nothing it decides depends on it; so it is
 * kept here, out of the events, and carried by snapshots: whoever replays the log comes to the same.
 */
export class AgentApprovals {
  readonly #byAgent = new Map<Address, ApprovalDoc[]>();
  /** Agents of each account, expired ones among them: at most as many as the engine keeps. */
  readonly #byAccount = new Map<AccountId, Set<Address>>();

  /**
   * Notes an approval. One that stands keeps its turn when it is given anew, with another name or end; one that had
   * expired gets the last. Expired ones of the account go, as they do in the engine. Answers the agents whose list changed.
   */
  approve(accountId: AccountId, agent: Address, expiresAtMs: TimeMs, timeMs: TimeMs): Address[] {
    const changed = [agent];
    for (const other of this.#byAccount.get(accountId) ?? []) {
      const approval = this.of(other).find((candidate) => candidate.accountId === accountId);
      if (approval === undefined || approval.expiresAtMs === 0 || approval.expiresAtMs >= timeMs) continue;
      this.revoke(accountId, other);
      changed.push(other);
    }
    this.add(accountId, agent, expiresAtMs);
    return changed;
  }

  revoke(accountId: AccountId, agent: Address): void {
    const others = this.of(agent).filter((approval) => approval.accountId !== accountId);
    if (others.length === 0) this.#byAgent.delete(agent);
    else this.#byAgent.set(agent, others);
    const agents = this.#byAccount.get(accountId);
    agents?.delete(agent);
    if (agents?.size === 0) this.#byAccount.delete(accountId);
  }

  /** Notes an approval as the last of its agent, or in the place of the one that the account gave it before. */
  add(accountId: AccountId, agent: Address, expiresAtMs: TimeMs): void {
    const approval: ApprovalDoc = { accountId, expiresAtMs };
    const approvals = [...this.of(agent)];
    const place = approvals.findIndex((candidate) => candidate.accountId === accountId);
    if (place === -1) approvals.push(approval);
    else approvals[place] = approval;
    this.#byAgent.set(agent, approvals);
    const agents = this.#byAccount.get(accountId);
    if (agents === undefined) this.#byAccount.set(accountId, new Set([agent]));
    else agents.add(agent);
  }

  /** All approvals of an agent, the first first; those that have expired may be among them. */
  of(agent: Address): readonly ApprovalDoc[] {
    return this.#byAgent.get(agent) ?? [];
  }

  /** Of every agent, ascending by address, so that it does not matter which was approved first. */
  list(): ApprovalsDoc[] {
    const docs = [...this.#byAgent].map(([agent, approvals]): ApprovalsDoc => ({ agent, approvals }));
    return docs.sort((one, other) => (one.agent < other.agent ? -1 : 1));
  }
}

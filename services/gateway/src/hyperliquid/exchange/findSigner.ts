import type { ReadModel } from '@keel/redis';
import type { Address } from '@keel/types';

export type Roles = Pick<ReadModel, 'account' | 'accountOfAgent'>;

/** Whose a signer is. */
export type SignerRole =
  | { readonly kind: 'agent'; readonly owner: Address }
  /** It owns an account, and its key is the one that holds the money. */
  | { readonly kind: 'owner' }
  | { readonly kind: 'nobody' };

/**
 * For whom a signer acts. An approval goes before an account of the signer's own: anybody may open one for any address by a
 * deposit of a millionth of a dollar, and no bot must stop for that. Throws ReadModelUnavailable.
 */
export async function findSigner(readModel: Roles, signer: Address): Promise<SignerRole> {
  const { account: approver } = await readModel.accountOfAgent(signer);
  if (approver !== undefined) return { kind: 'agent', owner: approver.owner };
  const { account } = await readModel.account({ address: signer, subaccount: 0 });
  // Approved between the two reads: then it is somebody else's.
  if (account !== undefined && account.owner !== signer) return { kind: 'agent', owner: account.owner };
  return { kind: account === undefined ? 'nobody' : 'owner' };
}

import type { ReadModel } from '@keel/redis';
import type { Address } from '@keel/types';
import type { Budgets } from '../admission/budgets.ts';
import { BUDGET_REFILL_PER_SECOND } from '../admission/limits.ts';
import { ApiError } from '../errors.ts';
import { budgetAnswer } from '../wire/budget.ts';
import { accountParams } from '../wire/requests.ts';
import { answers, type GatewayApp } from './gatewayApp.ts';

export interface BudgetRouteParts {
  readonly readModel: Pick<ReadModel, 'accounts'>;
  readonly budgets: Budgets;
}

/** How often an owner may still act through this gateway; an agent's address leads to its owner. */
export function budgetRoute(app: GatewayApp, { readModel, budgets }: BudgetRouteParts): void {
  const schema = {
    summary: 'Actions that the owner has left here',
    tags: ['account'],
    params: accountParams,
    response: answers(budgetAnswer),
  };
  app.get('/v1/accounts/:address/budget', { schema }, async (request) => {
    const asked = request.params.address.toLowerCase() as Address;
    const { accounts } = await readModel.accounts(asked);
    const address = accounts[0]?.owner;
    if (address === undefined) throw new ApiError('ACCOUNT_UNKNOWN', { address: asked });
    const { limit, urgentLimit, tradedUsdc, ...budget } = budgets.read(address);
    const used = Math.ceil(budget.used);
    return {
      address,
      used,
      limit,
      remaining: Math.max(0, limit - used),
      urgentLimit,
      urgentRemaining: Math.max(0, urgentLimit - used),
      tradedUsdc,
      refillPerSecond: BUDGET_REFILL_PER_SECOND,
    };
  });
}

/** What an account is called beside its owner's address; the main account needs no name. */
export function subaccountText(subaccount: number, isolatedMarket: string | null = null): string | undefined {
  if (isolatedMarket !== null) return `Isolated ${isolatedMarket}`;
  if (subaccount === 0) return undefined;
  // From 128 on each number is isolated in one market; which one, the account itself says.
  return subaccount < 128 ? `Sub-account ${subaccount}` : `Isolated account ${subaccount}`;
}

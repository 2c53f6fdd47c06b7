import type { Address } from '@keel/types';

/** Of one liquidation, or of an account that was closed out or was the other side. */
export type CertificatesOf =
  | { readonly liquidationId: string }
  | { readonly account: Address; readonly subaccount?: number };

/** What narrows `/v1/certificates`, behind its limit. */
export function certificateQuery(of: CertificatesOf | undefined): string {
  if (of === undefined) return '';
  if ('liquidationId' in of) return `&liquidation=${of.liquidationId}`;
  return `&account=${of.account}&subaccount=${of.subaccount ?? 0}`;
}

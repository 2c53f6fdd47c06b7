import { type Event, REJECT_CODES, type RejectCode, type UpgradeEngine } from '@keel/types';
import { unpark } from '../liquidation/unpark.ts';
import type { EngineState } from '../state.ts';

/**
 * Puts the next version of the rules in force, from the next command on. One step at a time, so that every program agrees
 * on what is refused; a version that this program does not have never comes here, see `assertVersionKnown`.
 */
export function upgradeEngine(
  state: EngineState,
  { engineVersion }: UpgradeEngine,
  events: Event[],
): RejectCode | undefined {
  if (engineVersion !== state.engineVersion + 1) return REJECT_CODES.ENGINE_VERSION_NOT_NEXT;
  state.engineVersion = engineVersion;
  events.push({ kind: 'engineUpgraded', engineVersion });
  // Whom the old rules let wait for a price may not have to under the new ones.
  unpark(state);
  return undefined;
}

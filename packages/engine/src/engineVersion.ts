import type { SequencedCommand } from '@keel/types';
import type { EngineState } from './state.ts';

/** Rules of every exchange until its log says otherwise. */
export const ENGINE_VERSION_FIRST = 1;

/** Newest rules that this program has. */
export const ENGINE_VERSION_MAX = 2;

/** From this version on stale collateral that is next to nothing keeps nobody from being liquidated; see `accountPermits`. */
export const DUST_COLLATERAL_VERSION = 2;

/** The log or a snapshot goes on by rules that this program does not have. Nothing was changed; only a newer program goes on. */
export class EngineVersionUnknown extends Error {
  override readonly name = 'EngineVersionUnknown';
}

/**
 * Looks at a command before anything of it counts. What is not known cannot be refused either: newer programs carry it out.
 * @throws EngineVersionUnknown when it would put rules in force that this program does not have.
 */
export function assertVersionKnown(
  { engineVersion, engineVersionMax }: EngineState,
  { sequence, command }: SequencedCommand,
): void {
  if (command.kind !== 'upgradeEngine' || command.engineVersion !== engineVersion + 1) return;
  if (command.engineVersion <= engineVersionMax) return;
  throw new EngineVersionUnknown(
    `the log goes on with version ${command.engineVersion} of the engine's rules at command ${sequence}, ` +
      `this program knows ${engineVersionMax}: upgrade this node`,
  );
}

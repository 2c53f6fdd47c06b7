import { Admission } from '../admission/admission.ts';
import { Budgets } from '../admission/budgets.ts';
import type { Classified } from '../admission/requestClass.ts';
import type { AssetDirectory } from '../assetDirectory.ts';
import { createCommands } from '../commands/createCommands.ts';
import type { Claim, CommandDoor } from '../commands/signedCommand.ts';
import { ApiError } from '../errors.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { SignatureJob } from '../signatures/signatureJob.ts';

/** What a request would have its signature checked against. */
class Found extends Error {
  override readonly name = 'Found';
  readonly job: SignatureJob;

  constructor(job: SignatureJob) {
    super('read, and not done');
    this.job = job;
  }
}

/** A door that lets nobody in: a request is read up to its signature, and goes no further. */
class ClosedDoor extends Admission {
  constructor() {
    super({ inDoorMax: 1, onShed: () => undefined });
  }

  override pass(claim: Classified): Promise<never> {
    return Promise.reject(new Found((claim as Claim).job));
  }
}

/** Reads the body of a signed request as the request itself does. Throws ApiError as that does, METHOD_NOT_FOUND for a type that is none. */
export type ReadAction = (primaryType: string, body: unknown) => Promise<SignatureJob>;

export function createReadAction(door: CommandDoor, markets: MarketDirectory, assets: AssetDirectory): ReadAction {
  const nobodysBudget = new Budgets(
    () => 0,
    () => undefined,
  );
  const closed: CommandDoor = { ...door, admission: new ClosedDoor(), budgets: nobodysBudget };
  const uncounted: Parameters<typeof createCommands>[3] = (_door, _name, run) => run;
  const requests = new Map(
    createCommands(closed, markets, assets, uncounted).map((request) => [typeOf(request.name), request] as const),
  );
  return async (primaryType, body) => {
    const request = requests.get(primaryType);
    if (request === undefined)
      throw new ApiError('METHOD_NOT_FOUND', { path: '/primaryType', known: [...requests.keys()] });
    try {
      await request.run(body);
    } catch (fault) {
      if (fault instanceof Found) return fault.job;
      throw fault;
    }
    throw new Error(`${primaryType} came through a closed door`);
  };
}

const typeOf = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

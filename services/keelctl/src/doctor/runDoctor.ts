import { resolve } from 'node:path';
import { CommandLineFault } from '../commandLineFault.ts';
import { standingFolder } from '../config.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { nobody } from '../nodes/askAny.ts';
import { ASK_MS } from '../nodes/askNode.ts';
import { CHECKS, type Check, judgeCluster, roleOf } from '../nodes/judgeCluster.ts';
import { NODE_OPTIONS, type NodeDoor, openDoor } from '../nodes/nodeDoor.ts';
import { type ClusterPicture, isAnswered, readCluster } from '../nodes/readCluster.ts';
import { assertNoMore, readOptions } from '../readOptions.ts';
import type { Colour, Terminal } from '../terminal.ts';
import type { CheckLine } from './checkLine.ts';
import { checkData } from './dataChecks.ts';

/** What cannot be well while nobody leads; that itself has a line. */
const OF_A_LEADER: ReadonlySet<Check> = new Set(['taking', 'changes', 'redis']);
const COLOURS: Readonly<Record<CheckLine['state'], Colour>> = { ok: 'green', warning: 'yellow', fault: 'red' };

/** keelctl doctor: every check there is, a line each. 1 when there is a fault; warnings alone are fine. */
export async function runDoctor(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, {
    ...NODE_OPTIONS,
    data: { type: 'string', multiple: true, default: [] },
  });
  assertNoMore('doctor', positionals);
  const door = openDoor(values);
  const picture = await readCluster(door);
  if (values.data.length === 0 && !picture.statuses.some(isAnswered)) throw nobody(door, picture.statuses);
  const lines = [...nodeLines(picture), ...(await tokenLines(door, picture))];
  for (const dir of values.data) lines.push(...(await checkData(resolve(standingFolder(), dir), picture.askedMs)));
  const faults = lines.filter(({ state }) => state === 'fault').length;
  const warnings = lines.filter(({ state }) => state === 'warning').length;
  const end = `${lines.length} checks, faults: ${faults}, warnings: ${warnings}`;
  const text = [...lines.map((line) => lineText(line, terminal)), '', end].join('\n');
  terminal.write(`${values.json ? JSON.stringify({ faults, warnings, checks: lines }) : text}\n`);
  return faults === 0 ? EXIT.fine : EXIT.notFine;
}

function lineText({ state, title, what, next }: CheckLine, { paint }: Terminal): string {
  return `${paint(COLOURS[state], state.padEnd(7))}  ${title}${what === '' ? '' : `: ${what}`}${next === '' ? '' : `; next: ${next}`}`;
}

/** Each check that has no finding is ok, if there was anything to look at. */
function nodeLines(picture: ClusterPicture): CheckLine[] {
  const findings = judgeCluster(picture);
  const nobodyLeads = !picture.nodes.some((node) => node.status !== undefined && roleOf(node) === 'leading');
  return (Object.keys(CHECKS) as Check[]).flatMap((check): CheckLine[] => {
    const found = findings.filter((finding) => finding.check === check);
    if (found.length > 0)
      return found.map(({ severity, what, next }) => ({ state: severity, title: CHECKS[check], what, next }));
    if (check === 'store' && picture.members.length === 0) return [];
    if (nobodyLeads && OF_A_LEADER.has(check)) return [];
    return [{ state: 'ok', title: CHECKS[check], what: '', next: '' }];
  });
}

/** Asks each node for records beyond its end: nothing is read, and a wrong token is refused. */
async function tokenLines(door: NodeDoor, { statuses }: ClusterPicture): Promise<CheckLine[]> {
  const title = 'the token is accepted';
  let token: string;
  try {
    token = door.token();
  } catch (fault) {
    if (!(fault instanceof CommandLineFault)) throw fault;
    return [{ state: 'warning', title, what: 'not tried', next: fault.message }];
  }
  const asked = statuses.filter(isAnswered).map(async ({ url }): Promise<CheckLine[]> => {
    const status = await statusOf(`${url}/replica/records?from=${Number.MAX_SAFE_INTEGER}`, token);
    if (status === 200) return [];
    if (status === 401)
      return [{ state: 'fault', title, what: `${url} refuses it`, next: "compare KEEL_INTAKE_TOKEN with that node's" }];
    return [
      {
        state: 'warning',
        title,
        what: `${url} cannot tell (${status ?? 'no answer'})`,
        next: 'upgrade it, or wait until it has started',
      },
    ];
  });
  const wrong = (await Promise.all(asked)).flat();
  return wrong.length > 0 || asked.length === 0 ? wrong : [{ state: 'ok', title, what: '', next: '' }];
}

async function statusOf(address: string, token: string): Promise<number | undefined> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(ASK_MS) });
    await response.body?.cancel();
    return response.status;
  } catch {
    // That it does not answer has a line of its own.
    return undefined;
  }
}

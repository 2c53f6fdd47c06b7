import { durationText } from '../times.ts';
import type { StoreMember } from './nodeSchemas.ts';
import { type ClusterPicture, isAnswered, type KnownNode } from './readCluster.ts';

/** Farther off than this a node must not stand. */
export const CLOCK_MS_MAX = 2_000;
/** A follower this far behind would take long to lead; a leader's Redis this far behind shows old figures. */
export const LAG_COMMANDS_MAX = 20_000;
/** As the sequencers' own bound per minute. */
export const TAKE_OVERS_MAX = 6;
const STORE_BYTES_MAX = 1_024 * 1_024 * 1_024;

export type Severity = 'fault' | 'warning';

/** Something that is not as it should be, and what to do about it. */
export interface Finding {
  /** Which check of `doctor` it belongs to. */
  readonly check: Check;
  readonly severity: Severity;
  readonly what: string;
  readonly next: string;
}

export const CHECKS = {
  nodes: 'every node answers',
  leader: 'one node leads, and all say the same one',
  majority: 'a majority of the nodes is there',
  standing: 'every follower would stand',
  lag: 'nobody is far behind',
  checkpoints: 'state roots agree',
  clocks: 'clocks agree',
  versions: 'versions agree',
  changes: 'the leader stays',
  taking: 'commands are taken',
  store: 'the store is sound',
  redis: 'the read model follows',
} as const;

export type Check = keyof typeof CHECKS;

/** Everything that can be found wrong with what the nodes say; none = all is well. Faults come first. */
export function judgeCluster(picture: ClusterPicture): readonly Finding[] {
  const findings = [
    ...silentNodes(picture),
    ...leaders(picture),
    ...majority(picture),
    ...standing(picture),
    ...lags(picture),
    ...checkpoints(picture),
    ...clocks(picture),
    ...versions(picture),
    ...changes(picture),
    ...taking(picture),
    ...store(picture),
    ...redis(picture),
  ];
  return findings.sort((one, other) => Number(one.severity === 'warning') - Number(other.severity === 'warning'));
}

/** The role of a node as it says itself, else as it told the store. A sequencer without roles leads alone. */
export function roleOf({ status, report }: KnownNode): string {
  if (status !== undefined) return status.role ?? 'leading';
  return report === undefined ? 'silent' : `${report.role}?`;
}

/** How many nodes the exchange has: as its identity says, else those that are known. */
export function sizeOf({ cluster, nodes }: ClusterPicture): number {
  return Math.max(cluster?.identity?.members ?? 0, nodes.length);
}

function fault(check: Check, what: string, next: string): Finding {
  return { check, severity: 'fault', what, next };
}

function warning(check: Check, what: string, next: string): Finding {
  return { check, severity: 'warning', what, next };
}

function silentNodes(picture: ClusterPicture): Finding[] {
  const silent = picture.nodes.filter((node) => node.status === undefined && node.url !== undefined);
  const found = silent.map((node) => {
    const seen = node.report?.wallMs;
    const since = seen === undefined ? '' : `, last heard of ${durationText(picture.askedMs - seen)} ago`;
    const next = `look at its log, start it again, and if it does not join: keelctl doctor on its machine with --data`;
    return fault('nodes', `node ${node.name} does not answer (${node.silence}${since})`, next);
  });
  const unknown = picture.nodes
    .filter(({ url }) => url === undefined)
    .map(({ name, report }) =>
      warning(
        'nodes',
        `node ${name} was not asked`,
        `name it too: --nodes ...,${report?.adminUrl ?? 'its admin port'}`,
      ),
    );
  const missing = sizeOf(picture) - picture.nodes.length;
  if (missing > 0)
    found.push(
      fault(
        'nodes',
        `${missing} of ${sizeOf(picture)} nodes are nowhere to be seen`,
        'start them, or name them with --nodes',
      ),
    );
  return [...found, ...unknown];
}

function leaders(picture: ClusterPicture): Finding[] {
  const leading = picture.nodes.filter((node) => node.status !== undefined && roleOf(node) === 'leading');
  const told = new Map<string, string[]>();
  for (const answer of picture.clusters.filter(isAnswered)) {
    const { leader } = answer.value;
    const name = leader === null || leader === undefined ? 'nobody' : `${leader.nodeId} (epoch ${leader.epoch ?? '?'})`;
    told.set(name, [...(told.get(name) ?? []), nameAt(picture, answer.url)]);
  }
  const found: Finding[] = [];
  if (leading.length > 1)
    found.push(
      fault(
        'leader',
        `${leading.length} nodes say that they lead: ${leading.map(({ name, status }) => `${name} (epoch ${status?.epoch ?? '?'})`).join(', ')}`,
        'ask again: one of them steps down within 2 s, as its writes are fenced; if both stay, stop the one with the lower epoch',
      ),
    );
  if (leading.length === 0 && picture.statuses.some(isAnswered)) found.push(nobodyLeads(picture));
  if (told.size > 1)
    found.push(
      fault(
        'leader',
        `the nodes disagree who leads: ${[...told].map(([name, by]) => `${name} says ${by.join(', ')}`).join('; ')}`,
        'ask again; a node that goes on saying another has lost the store: look at its log',
      ),
    );
  return found;
}

function nobodyLeads(picture: ClusterPicture): Finding {
  const { members } = picture;
  if (hasLostMajority(members)) {
    const there = members.length - members.filter(isSick).length;
    const what = `no node leads: no command is taken, as the store has no majority (${there} of ${members.length} etcd answer)`;
    return fault('leader', what, 'start the etcd that are away, below; a node then leads by itself within seconds');
  }
  const unasked = picture.nodes.find(({ url, report }) => url === undefined && report?.role === 'leading');
  if (unasked !== undefined) {
    const what = `no node that was asked leads; node ${unasked.name} told the store that it does`;
    return fault('leader', what, `name it too: --nodes ...,${unasked.report?.adminUrl ?? 'its admin port'}`);
  }
  return fault(
    'leader',
    'no node leads: no command is taken',
    'ask again in 5 s; then look why nobody stands, below, and at the store',
  );
}

/** A member alone cannot answer either; what it has lost are the others. */
export function hasLostMajority(members: readonly StoreMember[]): boolean {
  return members.length > 0 && members.length - members.filter(isSick).length <= members.length / 2;
}

function isSick({ error }: StoreMember): boolean {
  return error !== undefined && error !== null && error !== '';
}

function nameAt({ nodes }: ClusterPicture, url: string): string {
  return nodes.find((node) => node.url === url)?.name ?? url;
}

function majority(picture: ClusterPicture): Finding[] {
  const size = sizeOf(picture);
  const there = picture.nodes.filter(({ status }) => status !== undefined && status.role !== 'halted').length;
  const needed = Math.floor(size / 2) + 1;
  if (size === 1 || there > needed) return [];
  if (there < needed)
    return [
      fault(
        'majority',
        `${there} of ${size} nodes are there and sound, a majority is ${needed}`,
        'start the others: until then the log cannot be trimmed and the store grows',
      ),
    ];
  if (there === size) return [];
  return [
    warning(
      'majority',
      `${there} of ${size} nodes are there: one more loss and no majority holds the log`,
      'start the missing one',
    ),
  ];
}

function standing({ nodes }: ClusterPicture): Finding[] {
  return nodes.flatMap((node) => {
    const why = node.status?.notStanding ?? node.report?.notStanding ?? '';
    const role = roleOf(node);
    if (role === 'halted')
      return [
        fault(
          'standing',
          `node ${node.name} has halted itself: ${why || 'its log says why'}`,
          'keep its data directory, compare with keelctl replay --verify-roots --data DIR, then move it away and start the node empty',
        ),
      ];
    if (why === '' || role === 'leading' || node.status === undefined) return [];
    return [warning('standing', `node ${node.name} would not stand: ${why}`, 'mend that: it cannot take over')];
  });
}

function lags({ nodes }: ClusterPicture): Finding[] {
  return nodes.flatMap((node) => {
    const lag = lagOf(nodes, node);
    if (node.status === undefined || lag === undefined || lag <= LAG_COMMANDS_MAX) return [];
    return [
      warning(
        'lag',
        `node ${node.name} is ${lag} commands behind`,
        'if the figure does not shrink: look at its disk and processor',
      ),
    ];
  });
}

/** Commands that the farthest node has applied and this one has not. */
export function lagOf(nodes: readonly KnownNode[], node: KnownNode): number | undefined {
  const own = node.status?.sequence ?? node.report?.sequence;
  if (own === undefined) return undefined;
  return Math.max(...nodes.map(({ status, report }) => status?.sequence ?? report?.sequence ?? 0)) - own;
}

function checkpoints({ nodes }: ClusterPicture): Finding[] {
  const roots = new Map<number, Map<string, string[]>>();
  for (const { name, status, report } of nodes) {
    const checkpoint = status?.checkpoint ?? report?.checkpoint;
    if (checkpoint === null || checkpoint === undefined) continue;
    const of = roots.get(checkpoint.sequence) ?? new Map<string, string[]>();
    of.set(checkpoint.stateRoot, [...(of.get(checkpoint.stateRoot) ?? []), name]);
    roots.set(checkpoint.sequence, of);
  }
  return [...roots].flatMap(([sequence, of]) => {
    if (of.size < 2) return [];
    const sides = [...of].map(([root, names]) => `${names.join(', ')} have ${root.slice(0, 14)}...`).join('; ');
    return [
      fault(
        'checkpoints',
        `state roots differ after command ${sequence}: ${sides}`,
        'keelctl leader pause --reason "roots differ", keep all data directories, replay each: keelctl replay --verify-roots --data DIR',
      ),
    ];
  });
}

function clocks({ nodes }: ClusterPicture): Finding[] {
  return nodes.flatMap(({ name, clockOffsetMs }) =>
    clockOffsetMs === undefined || Math.abs(clockOffsetMs) <= CLOCK_MS_MAX
      ? []
      : [
          fault(
            'clocks',
            `the clock of node ${name} is ${durationText(Math.abs(clockOffsetMs))} ${clockOffsetMs > 0 ? 'ahead' : 'behind'}`,
            'set it (chronyc makestep, or timedatectl): until then the node does not stand',
          ),
        ],
  );
}

function versions({ nodes }: ClusterPicture): Finding[] {
  const byVersion = new Map<string, string[]>();
  for (const { name, status, report } of nodes) {
    const version = status?.version ?? report?.version;
    if (version !== undefined) byVersion.set(version, [...(byVersion.get(version) ?? []), name]);
  }
  if (byVersion.size < 2) return [];
  const sides = [...byVersion].map(([version, names]) => `${names.join(', ')} run ${version}`).join('; ');
  return [
    warning(
      'versions',
      `the nodes run different versions: ${sides}`,
      'finish the upgrade: the newest rules hold only when all nodes know them',
    ),
  ];
}

function changes({ cluster }: ClusterPicture): Finding[] {
  const count = cluster?.takeoversLastMinute ?? 0;
  if (count >= TAKE_OVERS_MAX)
    return [
      fault(
        'changes',
        `the leader changed ${count} times in the last minute: nodes wait before they stand again`,
        'read why: keelctl leader show; then look at the store and at the machines',
      ),
    ];
  if (count < 3) return [];
  return [warning('changes', `the leader changed ${count} times in the last minute`, 'read why: keelctl leader show')];
}

/** Why the operator has stopped the taking of commands; undefined while they are taken. */
export function pauseOf({
  statuses,
  cluster,
}: ClusterPicture): { readonly reason: string; readonly sinceMs: number | undefined } | undefined {
  const told = [cluster?.paused, ...statuses.map((answer) => (isAnswered(answer) ? answer.value.paused : undefined))];
  for (const pause of told) {
    if (pause === undefined || pause === null || pause === false || pause === '') continue;
    if (pause === true) return { reason: 'no reason told', sinceMs: undefined };
    if (typeof pause === 'string') return { reason: pause, sinceMs: undefined };
    return { reason: pause.reason, sinceMs: pause.sinceMs };
  }
  return undefined;
}

function taking(picture: ClusterPicture): Finding[] {
  const pause = pauseOf(picture);
  if (pause === undefined) return [];
  const since = pause.sinceMs === undefined ? '' : ` for ${durationText(picture.askedMs - pause.sinceMs)}`;
  return [
    fault(
      'taking',
      `an operator has paused the exchange${since}: ${pause.reason}`,
      'when it is over: keelctl leader resume',
    ),
  ];
}

function store({ members }: ClusterPicture): Finding[] {
  const sick = members.filter(isSick);
  const found = sick.map(({ endpoint, error }) => {
    // One that is left alone runs, and answers too late.
    const away = error?.includes('ECONNREFUSED') === true;
    const next = away ? 'start it again' : 'look whether it runs, and whether the others do: alone it answers nothing';
    return fault(
      'store',
      `etcd at ${endpoint}: ${away ? 'nothing listens there' : error}`,
      `${next}; with two of three gone no command is taken`,
    );
  });
  for (const { endpoint, alarms, dbBytes } of members) {
    for (const alarm of alarms ?? [])
      found.push(
        fault(
          'store',
          `etcd at ${endpoint} has the alarm ${alarm}`,
          alarm.includes('NOSPACE')
            ? 'it is full: see the runbook for etcd space; the sequencers trim and disarm it by themselves when they can'
            : 'see the runbook for etcd',
        ),
      );
    if ((dbBytes ?? 0) > STORE_BYTES_MAX)
      found.push(
        warning(
          'store',
          `etcd at ${endpoint} holds ${Math.round((dbBytes ?? 0) / 1_048_576)} MiB`,
          'trimming waits for a follower or a snapshot: look at lags and snapshots',
        ),
      );
  }
  const there = members.filter((member) => !sick.includes(member));
  if (members.length > 0 && there.length > 0 && !there.some(({ isLeader }) => isLeader === true))
    found.push(
      fault('store', 'etcd has no leader: no command is taken', 'start its members until a majority is there'),
    );
  return found;
}

function redis({ nodes }: ClusterPicture): Finding[] {
  return nodes.flatMap((node) => {
    const { readModel } = node.status ?? {};
    if (readModel === undefined || roleOf(node) !== 'leading') return [];
    const found: Finding[] = [];
    if (!readModel.connected)
      found.push(
        fault(
          'redis',
          `node ${node.name} leads and has no Redis: what the gateways show grows old`,
          'start Redis; orders go on without it, and it is filled again by itself',
        ),
      );
    else if (readModel.lagCommands > LAG_COMMANDS_MAX)
      found.push(
        warning(
          'redis',
          `Redis is ${readModel.lagCommands} commands behind`,
          'if the figure does not shrink: look at the Redis machine',
        ),
      );
    if (typeof readModel.refusal === 'string')
      found.push(
        fault('redis', readModel.refusal, 'orders go on; what the gateways show grows old until it is mended'),
      );
    if (typeof readModel.policy === 'string' && readModel.policy !== 'noeviction')
      found.push(
        fault(
          'redis',
          `Redis may throw keys away (maxmemory-policy ${readModel.policy})`,
          'redis-cli config set maxmemory-policy noeviction, and in its configuration',
        ),
      );
    return found;
  });
}

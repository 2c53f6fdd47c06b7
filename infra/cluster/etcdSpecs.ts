import { localUrl } from '../launcher/localUrl.ts';
import type { ProcessSpec } from '../launcher/supervisor.ts';
import { type ClusterPorts, NUMBERS } from './ports.ts';

/** The log that etcd keeps is trimmed to a few MiB; at this size something is wrong, and it says so by taking no more. */
const QUOTA_BYTES = 512 * 1024 * 1024;
/** Entries until etcd writes a snapshot of its own; it keeps all since the last one in memory, and a block may have 1 MiB. */
const SNAPSHOT_ENTRIES = 10_000;

/** Where each member of etcd is asked. */
export const etcdEndpoints = (ports: ClusterPorts): readonly string[] =>
  NUMBERS.map((number) => localUrl(ports[`etcd${number}`]));

/**
 * Three members, to be started together: one alone answers nothing. A member keeps its data over restarts, and what is said
 * of a new cluster is only read by one without data.
 */
export function etcdSpecs(
  program: string,
  ports: ClusterPorts,
  subfolder: (name: string) => string,
): readonly ProcessSpec[] {
  const members = NUMBERS.map((number) => `etcd-${number}=${localUrl(ports[`etcdPeer${number}`])}`);
  return NUMBERS.map((number) => {
    const name = `etcd-${number}`;
    const client = localUrl(ports[`etcd${number}`]);
    const peer = localUrl(ports[`etcdPeer${number}`]);
    const settings = {
      name,
      'data-dir': subfolder(name),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': members.join(','),
      'initial-cluster-token': 'keel',
      'initial-cluster-state': 'new',
      'quota-backend-bytes': QUOTA_BYTES,
      'snapshot-count': SNAPSHOT_ENTRIES,
      logger: 'zap',
      'log-level': 'warn',
    };
    return {
      name,
      command: program,
      args: Object.entries(settings).map(([setting, value]) => `--${setting}=${value}`),
      env: process.env,
      ports: { client: ports[`etcd${number}`], peer: ports[`etcdPeer${number}`] },
      notReady: () => withoutLeader(client),
    };
  });
}

async function withoutLeader(url: string): Promise<string | undefined> {
  const response = await fetch(`${url}/health`);
  const { health } = (await response.json()) as { readonly health?: string };
  return health === 'true' ? undefined : 'it has found no majority of its members yet';
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const repository = resolve(import.meta.dirname, '..', '..');
const monitoring = join(repository, 'infra', 'monitoring');
const runbooks = join(repository, 'infra', 'runbooks');
const PROMTOOL = process.env.KEEL_PROMTOOL ?? 'promtool';

/** What etcd 3.4, redis_exporter, prom-client's defaults and Prometheus itself bring; seen in their /metrics. */
const FOREIGN: ReadonlySet<string> = new Set([
  'ALERTS',
  'etcd_disk_wal_fsync_duration_seconds_bucket',
  'etcd_mvcc_db_total_size_in_bytes',
  'etcd_mvcc_db_total_size_in_use_in_bytes',
  'etcd_network_peer_round_trip_time_seconds_bucket',
  'etcd_server_has_leader',
  'etcd_server_leader_changes_seen_total',
  'etcd_server_quota_backend_bytes',
  'nodejs_eventloop_lag_p99_seconds',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'redis_evicted_keys_total',
  'redis_instance_info',
  'up',
]);

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[];
}
interface RuleTests {
  readonly tests: readonly { readonly name: string; readonly promql_expr_test: readonly { expr: string }[] }[];
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly Panel[];
}

const read = (name: string): string => readFileSync(join(monitoring, name), 'utf8');
const alerts = (parse(read('alerts.yml')) as Rules).groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(read('dashboards/keel.json')) as Dashboard;
const dashboardExprs = dashboard.panels.flatMap(({ targets }) => targets ?? []).map(({ expr }) => expr);

function promtool(...args: readonly string[]): { code: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(PROMTOOL, args, { cwd: monitoring, encoding: 'utf8' });
  if (error !== undefined)
    throw new Error(`${PROMTOOL} does not run: install Prometheus (Debian: prometheus) or set KEEL_PROMTOOL`);
  return { code: status, output: stdout + stderr };
}

/** Names of series in an expression: words that are no function, keyword, label or text. */
function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\b(?:by|on|ignoring|without)\s*\([^)]*\)/g, '');
  const words = bare.match(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g) ?? [];
  const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset']);
  return words.filter((word) => !keywords.has(word) && !new RegExp(`\\b${word}\\s*\\(`).test(bare));
}

/** Every metric that the code makes, by the literals of its source. */
function ourMetrics(): ReadonlySet<string> {
  const names = new Set<string>();
  for (const floor of ['packages', 'services'])
    for (const each of readdirSync(join(repository, floor), { withFileTypes: true })) {
      if (!each.isDirectory()) continue;
      const source = join(repository, floor, each.name, 'src');
      for (const path of filesBelow(source))
        for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/'(keel_[a-z0-9_]+)'/g)) names.add(name);
    }
  return names;
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(folder, path));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fault;
  }
}

const ours = ourMetrics();
const isKnown = (name: string): boolean =>
  FOREIGN.has(name) || ours.has(name) || ours.has(name.replace(/_(bucket|sum|count)$/, ''));

test('the names of metrics say their units', () => {
  expect(ours.size).toBeGreaterThan(50);
  const units =
    /_(total|seconds|bytes|commands|blocks|usd|ether|atoms|info|role|epoch|sequence|index|block|batches|orders|requests|clients|addresses|members|alive|paused|held_back|mismatch|full|connected|minute)$/;
  expect([...ours].filter((name) => !units.test(name))).toEqual([]);
});

describe('alert rules', () => {
  test('hold in all cases of alerts.test.yml', () => {
    const { code, output } = promtool('test', 'rules', 'alerts.test.yml');
    expect(code, output).toBe(0);
  });

  test('prometheus.yml and the rules are valid', () => {
    const { code, output } = promtool('check', 'config', 'prometheus.yml');
    expect(code, output).toBe(0);
  });

  const cases = (parse(read('alerts.test.yml')) as RuleTests).tests;
  test.each(alerts.map((alert) => [alert.alert, alert] as const))('%s', (name, alert) => {
    const mine = cases.filter((each) => each.name.split(/[ :]/)[1] === name);
    for (const each of mine) expect(each.promql_expr_test[0]?.expr).toContain(`alertname="${name}"`);
    const kinds = new Set(mine.map((each) => each.name.split(' ')[0]));
    expect(kinds).toEqual(new Set(['fires', 'quiet']));
    expect(['critical', 'warning']).toContain(alert.labels.severity);
    expect(alert.annotations.summary?.length).toBeGreaterThan(15);
    expect(alert.annotations.description?.length).toBeGreaterThan(60);
    expect(alert.annotations.runbook_url).toBe(`infra/runbooks/${name}.md`);
    expect(metricsIn(alert.expr).length).toBeGreaterThan(0);
    expect(metricsIn(alert.expr).filter((metric) => !isKnown(metric))).toEqual([]);
  });

  test('a name that no code makes is found', () => {
    expect(metricsIn('max by (instance) (rate(keel_x_total{a="b"}[5m])) > 3 and on (job) up == 0')).toEqual([
      'keel_x_total',
      'up',
    ]);
    expect(isKnown('keel_x_total')).toBe(false);
  });
});

describe('runbooks', () => {
  test('every alert has a page and every page an alert', () => {
    const pages = readdirSync(runbooks).map((file) => file.replace(/\.md$/, ''));
    expect(pages.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  test.each(alerts.map((alert) => [alert.alert, alert] as const))('%s says what to do', (name, { expr }) => {
    const page = readFileSync(join(runbooks, `${name}.md`), 'utf8');
    expect(page.match(/^#+ .*$/gm)).toEqual([
      `# ${name}`,
      '## What it means for traders',
      '## How to look',
      '## What to do',
      '## Wake somebody?',
      '## It is over when',
    ]);
    expect(page).toContain(expr);
  });
});

test('the commands of keelctl that runbooks tell to type are in its help', () => {
  const help = readFileSync(join(repository, 'services', 'keelctl', 'src', 'help.ts'), 'utf8');
  const typed = readdirSync(runbooks)
    .flatMap((file) => readFileSync(join(runbooks, file), 'utf8').match(/\bkeelctl [a-z][^\n`]*/g) ?? [])
    .map((command) => command.replace(/^keelctl /, '').replace(/ --.*$/, ''));
  expect(typed.length).toBeGreaterThan(40);
  const known = (words: string): boolean => {
    const [noun = '', verb = ''] = words.split(' ');
    return new RegExp(`^ {2}${noun}\\b[^\\n]*\\b${verb}`, 'm').test(help);
  };
  expect(typed.filter((words) => !known(words))).toEqual([]);
  expect(known('leader forget')).toBe(false);
});

describe('dashboard', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keel-dashboard-'));
    return () => rmSync(folder, { recursive: true });
  });

  test('is one that Grafana takes: ids once, panels on the grid and beside each other', () => {
    expect(dashboard).toMatchObject({ uid: 'keel', title: 'Keel' });
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    expect(dashboard.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Set<string>();
    for (const { gridPos, title, type, targets } of dashboard.panels) {
      expect(title).not.toBe('');
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      if (type !== 'row') expect(targets?.length, title).toBeGreaterThan(0);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x},${y}`), title).toBe(false);
          taken.add(`${x},${y}`);
        }
    }
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual([
      ...['Cluster', 'Acknowledged path', 'Engine', 'Liquidations', 'Read model', 'Settlement', 'etcd'],
    ]);
  });

  test('asks for nothing that nobody measures', () => {
    expect(dashboardExprs.flatMap(metricsIn).filter((metric) => !isKnown(metric))).toEqual([]);
  });

  test('every expression is one that Prometheus reads', () => {
    const rules = dashboardExprs.map((expr, place) => ({ record: `keel:panel:${place}`, expr }));
    const path = join(folder, 'panels.yml');
    // JSON is YAML, and needs no quoting of our own.
    writeFileSync(path, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    const { code, output } = promtool('check', 'rules', path);
    expect(code, output).toBe(0);
    expect(output).toContain(`${rules.length} rules found`);
  });
});

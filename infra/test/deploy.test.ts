import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const repository = resolve(import.meta.dirname, '..', '..');
const deploy = join(repository, 'infra', 'deploy');
const read = (path: string): string => readFileSync(join(deploy, path), 'utf8');

type Env = Readonly<Record<string, string>>;
/** A process as a file of `deploy` starts it: which service, with which environment. */
interface Started {
  readonly where: string;
  readonly service: string;
  readonly env: Env;
}

/** What whoever deploys gives by hand; nothing of it stands in a file. */
const SECRETS: Env = {
  KEEL_INTAKE_TOKEN: 'ab'.repeat(16),
  KEEL_OPERATOR_KEY: `0x${'1'.repeat(64)}`,
  KEEL_FEEDER_KEY: `0x${'2'.repeat(64)}`,
};
const GIVEN: Env = {
  ...SECRETS,
  KEEL_SETTLEMENT_ADDRESS: `0x${'3'.repeat(40)}`,
  KEEL_USDC_ADDRESS: `0x${'4'.repeat(40)}`,
  KEEL_PRICE_FEEDERS: `0x${'5'.repeat(40)}`,
};

const serviceOf = (command: readonly string[]): string | undefined =>
  /services\/([\w-]+)\/src\/main\.ts/.exec(command.join(' '))?.[1];

/** `${NAME:-default}` and `${NAME:?why}` as compose fills them in. */
const filledIn = (value: string): string =>
  value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, sign?: string, word?: string) => {
    const given = GIVEN[name] ?? (sign === '-' ? word : undefined);
    if (given === undefined) throw new Error(`${name} is asked for and given by nobody`);
    return given;
  });

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      { command: string[]; environment?: Record<string, string | number>; ports?: string[]; volumes?: string[] }
    >
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}
const compose = parse(read('compose.yaml'), { merge: true }) as Compose;

function startedByCompose(): readonly Started[] {
  return Object.entries(compose.services).flatMap(([name, { command, environment = {} }]) => {
    const service = serviceOf(command);
    const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, filledIn(String(value))]));
    return service === undefined ? [] : [{ where: `compose ${name}`, service, env }];
  });
}

interface EnvEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}
interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: readonly EnvEntry[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe?: unknown;
  readonly readinessProbe?: unknown;
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Env;
  readonly spec?: {
    readonly replicas?: number;
    readonly ports?: readonly { readonly port: number }[];
    readonly selector?: { readonly app?: string };
    readonly template?: { readonly spec: { readonly affinity?: unknown; readonly containers: readonly Container[] } };
  };
}
const manifests = readdirSync(join(deploy, 'kubernetes')).flatMap((file) =>
  parseAllDocuments(read(`kubernetes/${file}`)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message}`);
    return document.toJS() as Manifest;
  }),
);
const manifest = (kind: string, name: string): Manifest | undefined =>
  manifests.find((each) => each.kind === kind && each.metadata.name === name);
const workloads = manifests.filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');

function startedByKubernetes(): readonly Started[] {
  return workloads.flatMap(({ metadata, spec }) =>
    (spec?.template?.spec.containers ?? []).flatMap((container) => {
      const service = serviceOf(container.command);
      if (service === undefined) return [];
      const env: Record<string, string> = {};
      for (const { configMapRef } of container.envFrom ?? [])
        Object.assign(env, manifest('ConfigMap', configMapRef.name)?.data ?? { missing: configMapRef.name });
      for (const { name, value } of container.env ?? [])
        if (name !== 'POD_NAME')
          env[name] = (value ?? SECRETS[name] ?? '').replace('$(POD_NAME)', `${metadata.name}-0`);
      return [{ where: `kubernetes ${metadata.name}`, service, env }];
    }),
  );
}

function startedBySystemd(): readonly Started[] {
  const units = readdirSync(join(deploy, 'systemd')).filter((file) => file.endsWith('.service'));
  return units.map((file) => {
    const unit = read(`systemd/${file}`);
    const env: Record<string, string> = {};
    for (const [, name = ''] of unit.matchAll(/^EnvironmentFile=\/etc\/keel\/(\S+)\.env$/gm)) {
      if (name === 'secrets') env.KEEL_INTAKE_TOKEN = SECRETS.KEEL_INTAKE_TOKEN ?? '';
      else if (name === 'settler-secrets') Object.assign(env, SECRETS);
      else
        for (const [, key = '', value = ''] of read(`systemd/env/${name.replace('%i', 'a')}.env`).matchAll(
          /^(\w+)=(.*)$/gm,
        ))
          env[key] = value;
    }
    return { where: `systemd ${file}`, service: serviceOf([unit]) ?? file, env };
  });
}

const started = [...startedByCompose(), ...startedByKubernetes(), ...startedBySystemd()];

describe('environments', () => {
  test('nothing is left out', () => {
    const services = (where: string) =>
      started.filter((each) => each.where.startsWith(where)).map((each) => each.service);
    expect(new Set(services('compose'))).toEqual(new Set(['sequencer', 'gateway', 'settler', 'price-feed']));
    expect(services('kubernetes').sort()).toEqual(['gateway', 'price-feed', 'sequencer', 'settler']);
    expect(services('systemd').sort()).toEqual(['gateway', 'price-feed', 'sequencer', 'settler']);
  });

  test.each(started.map((each) => [each.where, each] as const))('%s: its own config reads it', (where, each) => {
    const config = join(repository, 'services', each.service, 'src', 'config.ts');
    const program = `const { loadConfig } = await import(${JSON.stringify(config)}); loadConfig();`;
    const env = { PATH: process.env.PATH, ...each.env };
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      env,
      encoding: 'utf8',
    });
    expect(status, `${where}: ${stderr.slice(-600)}`).toBe(0);
  });

  test.each(started.map((each) => [each.where, each] as const))('%s: every variable is known', (where, each) => {
    const schema = readFileSync(join(repository, 'services', each.service, 'src', 'config.ts'), 'utf8');
    // One file of systemd serves all services, so a service is given what only another one reads.
    const others = where.startsWith('systemd')
      ? new Set(['KEEL_INTAKE_URL', 'KEEL_REDIS_URL', ...Object.keys(SECRETS)])
      : [];
    const known = new Set([...(schema.match(/KEEL_\w+/g) ?? []), ...others, 'KEEL_LOG_LEVEL']);
    expect(Object.keys(each.env).filter((name) => !known.has(name))).toEqual([]);
  });

  test('no secret stands in a file', () => {
    for (const path of readdirSync(deploy, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(yaml|env|service|conf)$|Dockerfile$/.test(path)) continue;
      expect(read(path), path).not.toMatch(/(KEEL_\w*(TOKEN|KEY|PASSWORD)(?<!KEY_FILE))\s*[=:]\s*(0x)?[0-9a-f]{8}/);
    }
  });
});

/** Host and port of each address of the cluster's own that a process is given. */
const addressesOf = (env: Env): readonly (readonly [host: string, port: number])[] =>
  Object.values(env)
    .flatMap((value) => value.split(/[,/]+/))
    .flatMap((part) => {
      const [, host, port] = /^([a-z][\w.-]*):(\d+)$/.exec(part) ?? [];
      return host === undefined || host.endsWith('.example.net') ? [] : [[host, Number(port)] as const];
    });
/** Ports that a process listens on by its environment, or by its nature. */
const NATURAL: Readonly<Record<string, number>> = { etcd: 2379, redis: 6379, sentinel: 26_379, anvil: 8_545 };

describe('compose', () => {
  test('every address leads to a service and to a port on which it listens', () => {
    for (const { where, env } of startedByCompose())
      for (const [host, port] of addressesOf(env)) {
        const target = compose.services[host];
        expect(target, `${where} -> ${host}`).toBeDefined();
        const listens = Object.entries(target?.environment ?? {})
          .filter(([name]) => name.endsWith('_PORT'))
          .map(([, value]) => Number(value));
        const natural = NATURAL[host.replace(/-\d$/, '')];
        expect(natural === undefined ? listens : [natural], `${where} -> ${host}:${port}`).toContain(port);
      }
  });

  test('volumes have names, published ports are on this machine only and once', () => {
    const used = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((each) => each.split(':')[0]),
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
    expect(new Set(used).size).toBe(used.length);
    const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(new Set(published.map((port) => port.split(':')[1])).size).toBe(published.length);
  });

  const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
  test.runIf(hasCompose)('docker reads it', () => {
    const env = { ...process.env, ...GIVEN };
    const { status, stderr } = spawnSync('docker', ['compose', '-f', join(deploy, 'compose.yaml'), 'config', '-q'], {
      env,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  });
});

describe('kubernetes', () => {
  test('what holds data or leads is spread over hosts, and one pod at a time may be taken away', () => {
    for (const { kind, metadata, spec } of workloads) {
      if (kind === 'StatefulSet') expect(spec?.template?.spec.affinity, metadata.name).toBeDefined();
      if ((spec?.replicas ?? 1) > 1)
        expect(manifest('PodDisruptionBudget', metadata.name), metadata.name).toBeDefined();
    }
    expect(manifest('StatefulSet', 'keel-etcd')?.spec?.replicas).toBe(3);
    expect(manifest('StatefulSet', 'keel-sequencer')?.spec?.replicas).toBe(3);
  });

  test('every container is probed at a port that it has, and its Service has the same ports', () => {
    for (const { metadata, spec } of workloads)
      for (const container of spec?.template?.spec.containers ?? []) {
        const names = (container.ports ?? []).map(({ name }) => name);
        const probes = JSON.stringify([container.readinessProbe, container.livenessProbe]);
        const probed = [...probes.matchAll(/"port":"(\w+)"/g)].map(([, name]) => name);
        expect(probed, metadata.name).toHaveLength(2);
        for (const name of probed) expect(names).toContain(name);
        const service = manifest('Service', metadata.name)?.spec?.ports?.map(({ port }) => port);
        expect(service, metadata.name).toEqual((container.ports ?? []).map(({ containerPort }) => containerPort));
      }
  });

  test('addresses name pods that there are, and a port of their Service', () => {
    for (const { where, env } of startedByKubernetes())
      for (const [host, port] of addressesOf(env)) {
        const [pod = '', service = ''] = host.split('.');
        const set = manifest('StatefulSet', service);
        expect(Number(pod.slice(service.length + 1)), `${where} -> ${host}`).toBeLessThan(set?.spec?.replicas ?? 0);
        expect(
          manifest('Service', service)?.spec?.ports?.map((each) => each.port),
          host,
        ).toContain(port);
      }
  });

  test('secrets are those that the first file tells to make', () => {
    const told = /kubectl create secret generic keel (.*)$/m.exec(read('kubernetes/config.yaml'))?.[1] ?? '';
    const made = [...told.matchAll(/--from-literal=([\w-]+)=/g)].map(([, key]) => key);
    const asked = workloads
      .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
      .flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []));
    for (const { name, key } of asked) expect([name, made]).toEqual(['keel', expect.arrayContaining([key])]);
    expect(asked.length).toBeGreaterThan(3);
  });
});

describe('systemd', () => {
  const units = readdirSync(join(deploy, 'systemd')).filter((file) => file.endsWith('.service'));
  const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

  test.runIf(hasAnalyze)('systemd reads the units', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keel-units-'));
    try {
      // The program is not installed here; another one that is there stands for it.
      for (const unit of units) {
        const text = read(`systemd/${unit}`).replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true');
        writeFileSync(join(folder, unit), text);
        const { stderr } = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', join(folder, unit)], {
          encoding: 'utf8',
        });
        expect(
          stderr.split('\n').filter((line) => line.includes(unit.replace('@', '')) || line.includes(unit)),
        ).toEqual([]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each(units)('%s starts again, within limits, and may do little', (unit) => {
    const text = read(`systemd/${unit}`);
    for (const line of [
      'Restart=always',
      'StartLimitBurst=10',
      'NoNewPrivileges=true',
      'ProtectSystem=strict',
      'User=keel',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).not.toContain('MemoryDenyWriteExecute=true');
  });
});

import { join } from 'node:path';
import { handOver } from './handOver.mjs';
import { repository } from './places.mjs';

const needs = { browser: true, etcd: true, promtool: true };
await handOver(join(repository, 'infra', 'check', 'main.ts'), process.argv.slice(2), needs);

import { join } from 'node:path';
import { handOver } from './handOver.mjs';
import { repository } from './places.mjs';

await handOver(join(repository, 'infra', 'devnet', 'main.ts'), process.argv.slice(2), { browser: false });

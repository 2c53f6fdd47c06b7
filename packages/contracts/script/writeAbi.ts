// Writes what other parts need of the contracts into abi/: `<Name>.json` with {abi, bytecode} for tools, `<Name>.ts`
// with the same two as typed constants. With --check it writes nothing and fails when a committed file is stale.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

interface Artifact {
  readonly abi: unknown;
  readonly bytecode: { readonly object: string };
}

const CONTRACTS = [
  { name: 'KeelSettlement', constant: 'keelSettlement' },
  { name: 'TestUsdc', constant: 'testUsdc' },
  { name: 'TestWeth', constant: 'testWeth' },
] as const;

/** Text of every file that belongs in abi/, by its path from the package. */
function snapshotFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const { name, constant } of CONTRACTS) {
    const { abi, bytecode } = JSON.parse(
      readFileSync(`${packageFolder}out/${name}.sol/${name}.json`, 'utf8'),
    ) as Artifact;
    files.set(`abi/${name}.json`, `${JSON.stringify({ abi, bytecode: bytecode.object }, undefined, 2)}\n`);
    files.set(
      `abi/${name}.ts`,
      `// Written by script/writeAbi.ts from src; do not edit.\n` +
        `export const ${constant}Abi = ${JSON.stringify(abi, undefined, 2)} as const;\n\n` +
        `export const ${constant}Bytecode =\n  '${bytecode.object}' as const;\n`,
    );
  }
  return files;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

execFileSync(`${packageFolder}node_modules/.bin/forge`, ['build', '--quiet'], { cwd: packageFolder, stdio: 'inherit' });
const files = snapshotFiles();
if (process.argv.includes('--check')) {
  const stale = [...files].filter(([path, text]) => readOrEmpty(packageFolder + path) !== text).map(([path]) => path);
  if (stale.length > 0) {
    process.stderr.write(`stale: ${stale.join(', ')}; run "npm run abi"\n`);
    process.exitCode = 1;
  }
} else {
  for (const [path, text] of files) writeFileSync(packageFolder + path, text);
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every file below a folder, as path -> text. */
function readTree(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

/** The files that generating anew would add, change or remove. */
function staleFiles(protoFolder: string): string[] {
  const fresh = mkdtempSync(join(tmpdir(), 'keel-proto-'));
  try {
    execFileSync('buf', ['generate', '--output', fresh], { cwd: protoFolder, stdio: ['ignore', 'ignore', 'inherit'] });
    const committed = readTree(join(protoFolder, 'gen'));
    const generated = readTree(join(fresh, 'gen'));
    const paths = new Set([...committed.keys(), ...generated.keys()]);
    return [...paths].filter((path) => committed.get(path) !== generated.get(path)).sort();
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const stale = staleFiles(join(import.meta.dirname, '..'));
if (stale.length > 0) {
  process.stderr.write(`gen/ does not match keel/v1/*.proto (run \`npm run proto:generate\`): ${stale.join(', ')}\n`);
  process.exitCode = 1;
}

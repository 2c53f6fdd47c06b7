import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DevnetFault } from './devnetFault.ts';

/** Builds the terminal page when its sources are newer than what was built last. Returns the folder of the built page. */
export async function buildTerminalPage(repository: string, say: (line: string) => void): Promise<string> {
  const folder = join(repository, 'services', 'terminal');
  const built = join(folder, 'dist', 'index.html');
  const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(folder, name));
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources.map(newestMs))) return join(folder, 'dist');
  say('building the terminal page');
  try {
    await promisify(execFile)('pnpm', ['run', 'build'], { cwd: folder });
  } catch (fault) {
    const output = (fault as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? '';
    throw new DevnetFault(`The terminal page could not be built: ${output || String(fault)}`);
  }
  return join(folder, 'dist');
}

function newestMs(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

import { readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path/posix';

const SPECIFIER = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"]+)\2/g;

/**
 * The declarations that `entry` leads to, by their paths below `folder`. Imports of the workspace's packages, each named with
 * the folder of its index.d.ts, become relative ones, and `.ts` becomes `.js`, as programs outside the workspace resolve them.
 * Throws where one imports anything else: a program outside would not find it.
 */
export async function collectDeclarations(
  folder: string,
  entry: string,
  packages: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const collected = new Map<string, string>();
  const wanted = [entry];
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (collected.has(path)) continue;
    const from = dirname(path);
    const text = await readFile(join(folder, path), 'utf8');
    const rewritten = text.replace(SPECIFIER, (_all, before: string, quote: string, specifier: string) => {
      const target = targetOf(specifier, from, packages);
      if (target === undefined) throw new Error(`${path} imports ${specifier}, which nobody finds outside`);
      wanted.push(target);
      const way = relative(from, target).replace(/\.d\.ts$/, '.js');
      return `${before}${quote}${way.startsWith('.') ? way : `./${way}`}${quote}`;
    });
    collected.set(path, rewritten);
  }
  return collected;
}

function targetOf(specifier: string, from: string, packages: Readonly<Record<string, string>>): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(from, specifier.replace(/\.ts$/, '.d.ts')));
  const home = packages[specifier];
  return home === undefined ? undefined : `${home}/index.d.ts`;
}

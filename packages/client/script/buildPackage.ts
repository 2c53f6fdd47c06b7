// Makes of the sources what is handed out: modules for Node and browsers, their types, and a package.json without dependencies.
//   pnpm run build             into dist
//   node script/buildPackage.ts <folder>
import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { collectDeclarations } from './collectDeclarations.ts';

const PACKAGE = join(import.meta.dirname, '..');
const ROOT = join(PACKAGE, '../..');
const out = resolve(process.argv[2] ?? join(PACKAGE, 'dist'));

await rm(out, { recursive: true, force: true });
await build({
  root: PACKAGE,
  configFile: false,
  logLevel: 'warn',
  build: {
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'index' },
    outDir: out,
    // Whoever debugs a bot wants to read it; a page's own bundler takes care of its size.
    minify: false,
    // Of what is bundled and not ours: its authors ask that their licence goes with it.
    license: { fileName: 'licences.md' },
  },
});

// This one has no file of its licence: what it asks for stands at the head of one of its modules.
const ofCodec = createRequire(join(PACKAGE, '../codec/package.json'));
const varint = await readFile(join(ofCodec.resolve('@bufbuild/protobuf/wire'), '../varint.js'), 'utf8');
const [notice = ''] = /(^\/\/.*\n)+/m.exec(varint) ?? [];
if (!notice.includes('Copyright 2008 Google')) throw new Error('the notice of @bufbuild/protobuf is elsewhere now');
const heading = '\n## @bufbuild/protobuf, reading and writing of whole numbers (BSD-3-Clause)\n\n';
await appendFile(join(out, 'licences.md'), heading + notice.replaceAll(/^\/\/ ?/gm, ''));

const emitted = join(tmpdir(), `keel-client-declarations-${process.pid}`);
try {
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const args = ['-p', 'tsconfig.declarations.json', '--outDir', emitted];
  execFileSync(tsc, args, { cwd: PACKAGE, stdio: 'inherit' });
  const packages = { '@keel/types': 'types/src', '@keel/signing': 'signing/src' };
  const declarations = await collectDeclarations(join(emitted, 'packages'), 'client/src/index.d.ts', packages);
  for (const [path, text] of declarations) {
    await mkdir(join(out, 'types', path, '..'), { recursive: true });
    await writeFile(join(out, 'types', path), text);
  }
} finally {
  await rm(emitted, { recursive: true, force: true });
}

const { name, version, license, type, description, engines } = JSON.parse(
  await readFile(join(PACKAGE, 'package.json'), 'utf8'),
) as Record<string, unknown>;
const manifest = {
  name,
  version,
  license,
  type,
  description,
  engines,
  exports: {
    '.': { types: './types/client/src/index.d.ts', default: './index.js' },
    './package.json': './package.json',
  },
  types: './types/client/src/index.d.ts',
  sideEffects: false,
  files: ['*.js', 'types', 'licences.md'],
};
await writeFile(join(out, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
await copyFile(join(PACKAGE, 'README.md'), join(out, 'README.md'));
await copyFile(join(ROOT, 'LICENSE'), join(out, 'LICENSE'));

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything that set-up makes lies below the repository: removing `.keel` and `node_modules` undoes it. */
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const toolsFolder = join(repository, '.keel', 'tools');
export const node24 = join(repository, 'node_modules', 'node', 'bin', 'node');
export const toolPaths = [join(toolsFolder, 'node_modules', '.bin'), join(repository, 'node_modules', '.bin')];

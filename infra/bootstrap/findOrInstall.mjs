import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasApt, installDebianPackage, isRoot, unpackDebianPackage, writeWrapper } from './debian.mjs';
import { findExecutable, isExecutable } from './findExecutable.mjs';
import { toolsFolder } from './places.mjs';
import { runTool } from './runTool.mjs';
import { reasonOf, SetUpFault } from './setUpFault.mjs';

/**
 * A program that comes from the system, not from npm: found on the machine or in the tools folder, else installed by
 * apt as root, else unpacked from Debian's packages, else asked for in a sentence.
 * `wanted` = {title, programs (names to look for), debianPackage, unpackedProgram (path inside the package),
 * versionFlag, elsewhere (how other systems install it)}. Returns its path.
 */
export async function findOrInstall(wanted) {
  const wrapper = join(toolsFolder, wanted.debianPackage, wanted.programs[0]);
  const found = findExecutable(wanted.programs) ?? (isExecutable(wrapper) ? wrapper : undefined);
  if (found !== undefined) return found;
  if (!hasApt()) throw new SetUpFault(`${wanted.title} is missing; install it (${wanted.elsewhere}) and start again.`);
  if (isRoot()) {
    await installDebianPackage(wanted.debianPackage);
    const installed = findExecutable(wanted.programs);
    if (installed === undefined)
      throw new SetUpFault(`${wanted.debianPackage} was installed but brought no ${wanted.title}.`);
    return installed;
  }
  return unpack(wanted, wrapper);
}

async function unpack(wanted, wrapper) {
  const folder = join(toolsFolder, wanted.debianPackage);
  // What is left of an unpacking that was broken off cannot be told from a whole one, so it is done anew.
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const libraries = await unpackDebianPackage(wanted.debianPackage, folder);
  const unfinished = `${wrapper}.unproved`;
  writeWrapper(unfinished, join(folder, wanted.unpackedProgram), libraries, folder);
  const proof = await runTool(unfinished, [wanted.versionFlag]);
  if (proof.code !== 0)
    throw new SetUpFault(`${wanted.debianPackage} was unpacked but does not start: ${reasonOf(proof.output)}.`);
  writeWrapper(wrapper, join(folder, wanted.unpackedProgram), libraries, folder);
  rmSync(unfinished);
  return wrapper;
}

import { createRequire } from 'node:module';
import { DevnetFault } from './devnetFault.ts';

/**
 * The anvil binary itself. The npm command in front of it is a Node process that would stay between us and the process
 * that has to be asked to write its state down.
 */
export function anvilPath(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}`;
  try {
    const anvil = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
    return createRequire(anvil).resolve(`${name}/bin/anvil`);
  } catch {
    throw new DevnetFault(`There is no anvil for this machine: the package ${name} is not installed.`);
  }
}

/**
 * Loaded into a sequencer before its own code (NODE_OPTIONS=--import): while a file `fault` lies beside the data directory
 * its flushes fail (`fail`) or take so many milliseconds longer (a number). Nothing else is changed, and no code of the
 * sequencer knows of it.
 */
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

const SWITCH = `${process.env.KEEL_DATA_DIR}.fault`;
const probe = await open(import.meta.filename, 'r');
const prototype = Object.getPrototypeOf(probe);
await probe.close();

function present() {
  try {
    return readFileSync(SWITCH, 'utf8');
  } catch {
    return '';
  }
}

for (const name of ['datasync', 'sync']) {
  const real = prototype[name];
  prototype[name] = async function flush() {
    const fault = present();
    if (fault === 'fail')
      throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO', syscall: 'fdatasync' });
    if (fault !== '') await new Promise((resolve) => setTimeout(resolve, Number(fault)));
    return real.call(this);
  };
}

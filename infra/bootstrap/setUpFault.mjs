/** A reason why set-up cannot go on, said in one sentence that a person can act on. Anything else thrown is our bug. */
export class SetUpFault extends Error {
  name = 'SetUpFault';
}

/**
 * What a failed tool's output means, in one clause. Addresses are cut out: a message names what is missing, not which
 * host a machine happens to be set up with.
 */
export function reasonOf(output) {
  if (/ENOSPC|No space left on device|no space left/i.test(output)) return 'the disk is full';
  if (/EACCES|EPERM|Permission denied/i.test(output)) return `a file may not be written (${lastWords(output)})`;
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|dns error|error sending request/i.test(output)
  ) {
    return 'the package registry cannot be reached; check the network';
  }
  if (/Temporary failure resolving|Could not resolve|Could not connect|Unable to fetch some archives/i.test(output)) {
    return 'the Debian package archive cannot be reached; check the network';
  }
  if (/OUTDATED_LOCKFILE|frozen-lockfile/i.test(output)) return 'pnpm-lock.yaml does not fit the package.json files';
  return lastWords(output);
}

function lastWords(output) {
  const lines = output
    .replace(/[a-z]+:\/\/\S+/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => /err/i.test(line) && !/complete log of this run/i.test(line));
  return (telling.at(-1) ?? lines.at(-1) ?? 'it printed nothing').slice(0, 300);
}

import { ConfigError } from './readConfig.ts';

/** A process cannot start or go on for a reason that its operator can mend; the message is one sentence. */
export class StartupFault extends Error {
  override readonly name = 'StartupFault';
}

/** Errors whose message alone does not say what kind of fault it is; those with a name of ours say it in a sentence. */
const GENERAL_NAMES: ReadonlySet<string> = new Set([
  'AggregateError',
  'AssertionError',
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
]);

/** The facts that Node puts on the errors of sockets and files. */
interface SystemFault extends Error {
  readonly code?: string;
  readonly port?: number;
  readonly address?: string;
  readonly path?: string;
}

/**
 * The fault of a server that could not listen, naming the setting that moves it: `port 8080 is in use: stop the other
 * program or set KEEL_GATEWAY_PORT`. Any other fault is given back as it is.
 */
export function listenFault(fault: unknown, port: number, settingName: string): unknown {
  const { code } = systemFaultOf(fault);
  if (code === 'EADDRINUSE')
    return new StartupFault(`port ${port} is in use: stop the other program or set ${settingName}`, { cause: fault });
  if (code === 'EACCES')
    return new StartupFault(`port ${port} is not allowed for this user: set ${settingName} to 1024 or more`, {
      cause: fault,
    });
  return fault;
}

/** One sentence for the operator about why a process could not start or had to stop. */
export function explainFault(fault: unknown): string {
  if (fault instanceof ConfigError || fault instanceof StartupFault) return oneLine(fault.message);
  const system = systemFaultOf(fault);
  const where = system.path === undefined ? '' : ` (${system.path})`;
  const peer = system.port === undefined ? 'the other side' : `${system.address ?? 'localhost'}:${system.port}`;
  switch (system.code) {
    case 'EADDRINUSE':
      return `port ${system.port ?? ''} is in use: stop the other program or choose another port`;
    case 'ENOSPC':
      return `the disk is full${where}: free some space and start again`;
    case 'EDQUOT':
      return `the disk quota is used up${where}: free some space and start again`;
    case 'EROFS':
      return `the disk is mounted read-only${where}: mount it writable or choose another folder`;
    case 'EIO':
      return `the disk answered with an input/output error${where}: check it before you start again`;
    case 'EACCES':
    case 'EPERM':
      return `no permission${where}: run as the user that owns it, or choose another place`;
    case 'ENOTDIR':
      return `a part of the path is a file and not a folder${where}: choose another place`;
    case 'ENOENT':
      return `not found${where}: check the path`;
    case 'EMFILE':
      return 'too many open files: raise the limit (ulimit -n) and start again';
    case 'ECONNREFUSED':
      return `nothing listens on ${peer}: start it, or correct its address in the settings`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name does not resolve: ${oneLine(system.message)}`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `no answer from ${peer}: check the network and the address in the settings`;
    default:
      return oneLine(GENERAL_NAMES.has(system.name) ? `${system.name}: ${system.message}` : system.message);
  }
}

/** Connection attempts over several addresses come as one AggregateError; its first fault has the facts. */
function systemFaultOf(fault: unknown): SystemFault {
  if (fault instanceof AggregateError && fault.errors.length > 0) return systemFaultOf(fault.errors[0]);
  if (fault instanceof Error) return fault as SystemFault;
  return new Error(String(fault));
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

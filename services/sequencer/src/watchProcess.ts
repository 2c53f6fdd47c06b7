import { connect, type Socket } from 'node:net';

const REFUSED = 'ECONNREFUSED';
/** A connection that stands is looked at by the system; one that could not be made is tried again so often. */
const RETRY_MS = 250;
/** A port that was just left may be taken again at once by the same process after a restart; two refusals are not chance. */
const REFUSALS_MAX = 2;
const REFUSAL_PAUSE_MS = 15;

/**
 * Holds a connection to a process' port and says so, once, when nobody listens there any more: the machine answers and
 * refuses. A machine that does not answer says nothing about the process; its lease decides then. So it does when there
 * never was a connection: then the address is wrong or a firewall refuses, and every leader would be taken for dead.
 * Returns the way to stop.
 */
export function watchProcess(url: string, onGone: () => void): () => void {
  const { hostname, port } = new URL(url);
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let refusals = 0;
  let seen = false;
  let stopped = false;
  const look = (): void => {
    if (stopped) return;
    let fault: NodeJS.ErrnoException | undefined;
    const made = connect({ host: hostname, port: Number(port), keepAlive: true });
    socket = made;
    made.on('connect', () => {
      refusals = 0;
      seen = true;
    });
    made.on('error', (error) => {
      fault = error;
    });
    // Nothing is sent: what the other side says is thrown away.
    made.resume();
    made.on('close', () => {
      if (stopped) return;
      const refused = fault?.code === REFUSED;
      refusals = refused && seen ? refusals + 1 : 0;
      if (refusals >= REFUSALS_MAX) {
        stopped = true;
        onGone();
      } else timer = setTimeout(look, refusals > 0 || fault === undefined ? REFUSAL_PAUSE_MS : RETRY_MS);
    });
  };
  look();
  return () => {
    stopped = true;
    clearTimeout(timer);
    socket?.destroy();
  };
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * Passes bytes on both ways, each after `delayMs`: a sequencer that is far away. With a window of commands at a time it
 * makes a small exchange of any machine: window / (2 * delay) commands a second.
 */
export class SlowTap {
  readonly #delayMs: number;
  readonly #sockets = new Set<Socket>();
  #server: ReturnType<typeof createServer> | undefined;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  /** Resolves with its own port; `port` is where it leads. */
  async open(port: number): Promise<number> {
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.setNoDelay(true);
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        // Timers of one length end in the order in which they began, so the bytes keep theirs.
        from.on('data', (bytes) => setTimeout(() => to.writable && to.write(bytes), this.#delayMs));
      }
    });
    this.#server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

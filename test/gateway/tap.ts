import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Passes bytes on both ways, each after `delayMs`. With a delay it is a server that is far away: with a window of commands at a
 * time it makes a small exchange of any machine, window / (2 * delay) commands a second.
 */
export class Tap {
  /** While it is set, what the far side says is dropped. */
  deaf = false;
  readonly #delayMs: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(delayMs = 0) {
    this.#delayMs = delayMs;
  }

  /** Resolves with its own port; `port` is where it leads. */
  async open(port: number): Promise<number> {
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      this.#pass(near, far);
      this.#pass(far, near, () => this.deaf);
    });
    this.#server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** Ends every connection; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server?.close();
    this.cut();
  }

  #pass(from: Socket, to: Socket, drops: () => boolean = () => false): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    const pass = (bytes: Buffer): void => {
      if (to.writable) to.write(bytes);
    };
    from.on('data', (bytes: Buffer) => {
      if (drops()) return;
      // Timers of one length end in the order in which they began, so the bytes keep theirs.
      if (this.#delayMs === 0) pass(bytes);
      else setTimeout(pass, this.#delayMs, bytes);
    });
  }
}

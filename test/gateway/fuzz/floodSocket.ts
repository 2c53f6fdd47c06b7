import { WebSocket } from 'ws';

export interface Flood {
  /** Of the close frame. */
  readonly code: number;
  /** Codes of refusals, each once. */
  readonly refusals: readonly string[];
}

/** Sends a text so many times at once and waits until the gateway ends the connection. */
export function floodSocket(url: string, text: string, times: number): Promise<Flood> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const refusals = new Set<string>();
    socket.on('open', () => {
      for (let left = times; left > 0; left -= 1) socket.send(text);
    });
    socket.on('message', (data) => {
      const { error } = JSON.parse(String(data)) as { readonly error?: { readonly code: string } };
      if (error !== undefined) refusals.add(error.code);
    });
    // Frames that were on their way meet an end that is closed.
    socket.on('error', () => undefined);
    socket.on('close', (code) => resolve({ code, refusals: [...refusals] }));
  });
}

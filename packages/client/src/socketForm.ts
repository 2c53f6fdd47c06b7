/** How the messages of a socket are written: as JSON, or in the gateway's binary form. Either way they say the same. */
export interface SocketForm {
  /** Asked of the gateway when the connection begins. */
  readonly subprotocols: readonly string[];
  readonly write: (request: {
    readonly id: number;
    readonly method: string;
    readonly params: object | null;
  }) => string | Uint8Array<ArrayBuffer>;
  /** Undefined for what no gateway says. */
  readonly read: (data: unknown) => Readonly<Record<string, unknown>> | undefined;
}

export const jsonForm: SocketForm = {
  subprotocols: [],
  write: (request) => JSON.stringify(request),
  read: (data) => {
    if (typeof data !== 'string') return undefined;
    try {
      const message = JSON.parse(data) as unknown;
      return typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : undefined;
    } catch {
      return undefined;
    }
  },
};

/** Fetched by those who want it: it is as large as all the rest of the client. */
export async function loadBinaryForm(): Promise<SocketForm> {
  const { CodecError, DOOR_PROTOBUF, decodeDoorMessage, encodeDoorRequest } = await import('@keel/codec/door');
  return {
    subprotocols: [DOOR_PROTOBUF],
    write: (request) => encodeDoorRequest(request),
    read: (data) => {
      if (!(data instanceof ArrayBuffer)) return undefined;
      try {
        return decodeDoorMessage(new Uint8Array(data));
      } catch (fault) {
        if (fault instanceof CodecError) return undefined;
        throw fault;
      }
    },
  };
}

import {
  create,
  type DescMessage,
  type DescMethodBiDiStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { type ChannelCredentials, Client, type ClientDuplexStream, connectivityState, Metadata } from '@grpc/grpc-js';
import { Maintenance } from '@keel/proto/etcd/rpc';

/** How connections are secured. */
export interface Security {
  readonly credentials: ChannelCredentials;
  /** The name that the server's certificate must be for, when it is not the endpoint's. */
  readonly serverName: string | undefined;
}

export interface CallOptions {
  readonly timeoutMs: number;
  /** Of a user; undefined without one. */
  readonly token?: string | undefined;
  /** The member answers at once that it has no leader, instead of waiting for one. */
  readonly requireLeader: boolean;
}

/** Bytes a member may send before we have read any: a few blocks of the log, so that a range is not sent in small turns. */
const WINDOW_BYTES = 4 * 1024 * 1024;

const CHANNEL = {
  // A call goes out once. Whoever may send it again knows what it does.
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  // Shared connections would keep their waiting time from one client to the next.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc-node.flow_control_window': WINDOW_BYTES,
  'grpc.enable_channelz': 0,
};

/** One connection to one member, proved to reach a living process; once lost it is thrown away. */
export class EtcdConnection {
  readonly endpoint: string;
  readonly #client: Client;
  #heardMs = performance.now();

  private constructor(endpoint: string, client: Client) {
    this.endpoint = endpoint;
    this.#client = client;
  }

  /**
   * Resolves when the member answered: TLS may refuse our certificate after the connection is made, and the kernel
   * accepts connections for a process that is stopped. With `requireLeader` it must know one. Rejects as `unary` does.
   */
  static async open(
    endpoint: string,
    { credentials, serverName }: Security,
    options: { readonly timeoutMs: number; readonly requireLeader: boolean },
  ): Promise<EtcdConnection> {
    const url = new URL(endpoint);
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
    const client = new Client(`dns:${url.hostname}:${port}`, credentials, {
      ...CHANNEL,
      ...(serverName === undefined
        ? {}
        : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName }),
    });
    const connection = new EtcdConnection(endpoint, client);
    try {
      await connection.unary(Maintenance.method.status, {}, options);
      return connection;
    } catch (fault) {
      connection.close();
      throw fault;
    }
  }

  /** False once it is lost. */
  isOpen(): boolean {
    return this.#client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  /** Monotonic time at which the member answered anything last. */
  heardMs(): number {
    return this.#heardMs;
  }

  /** One request, one answer. Rejects with the library's ServiceError. */
  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    options: CallOptions,
  ): Promise<MessageShape<O>> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        pathOf(method),
        (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
        (bytes: Buffer) => fromBinary(method.output, bytes),
        create(method.input, request),
        metadata(options),
        { deadline: Date.now() + options.timeoutMs },
        (fault, answer) => {
          if (answer !== undefined) {
            this.#heardMs = performance.now();
            resolve(answer);
          } else reject(fault ?? new Error('neither an answer nor a fault'));
        },
      );
    });
  }

  /** A stream both ways, until it is cancelled or ends; `timeoutMs` undefined = no limit. */
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodBiDiStreaming<I, O>,
    options: Omit<CallOptions, 'timeoutMs'> & { readonly timeoutMs: number | undefined },
  ): ClientDuplexStream<MessageShape<I>, MessageShape<O>> {
    const stream = this.#client.makeBidiStreamRequest(
      pathOf(method),
      (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
      (bytes: Buffer) => fromBinary(method.output, bytes),
      metadata(options),
      options.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs },
    );
    stream.on('data', () => {
      this.#heardMs = performance.now();
    });
    return stream;
  }

  /** Ends every call that is under way on it. */
  close(): void {
    this.#client.close();
  }
}

const pathOf = (method: { readonly parent: { readonly typeName: string }; readonly name: string }): string =>
  `/${method.parent.typeName}/${method.name}`;

function metadata(options: Omit<CallOptions, 'timeoutMs'>): Metadata {
  const words = new Metadata();
  if (options.requireLeader) words.set('hasleader', 'true');
  if (options.token !== undefined) words.set('token', options.token);
  return words;
}

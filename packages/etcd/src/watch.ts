import { create, type MessageShape } from '@bufbuild/protobuf';
import { Event_Type } from '@keel/proto/etcd/kv';
import { KV, Maintenance, Watch, WatchRequestSchema, type WatchResponseSchema } from '@keel/proto/etcd/rpc';
import type { CallOptions, EtcdConnection } from './connection.ts';
import { encodeText, readEntry } from './entries.ts';
import type { EtcdClient } from './etcdClient.ts';
import {
  StoreCompacted,
  StoreFault,
  StoreRefused,
  StoreUnavailable,
  type WatchEvent,
  type WatchListener,
} from './store.ts';
import { judge } from './verdict.ts';

/** How often the member is asked whether it lives and has a leader. */
const ASK_EVERY_MS = 500;
/** A member that said nothing for so long is given up. */
const SILENT_MS = 1_500;

/**
 * Events of [key, end) from a revision on, from one member; any break ends it. A watch is a stream on which nothing may
 * come for hours, and gRPC's own pings may come only every 5 s or etcd hangs up, so the member is asked for its status
 * beside the stream: a member that is cut off from the others says that it has no leader within its election time-out.
 */
export function watch(
  client: EtcdClient,
  range: { readonly key: string; readonly end: string; readonly fromRevision: number },
  listener: WatchListener,
): () => void {
  let over = false;
  let release: () => void = () => undefined;
  const end = (fault: StoreFault): void => {
    if (over) return;
    over = true;
    release();
    listener.onEnd(fault);
  };

  const run = (connection: EtcdConnection, options: CallOptions): void => {
    const what = `watch at ${connection.endpoint}`;
    const stream = connection.stream(Watch.method.watch, { ...options, timeoutMs: undefined });
    const openedMs = performance.now();
    let asking = false;
    const ask = async (): Promise<void> => {
      asking = true;
      try {
        await connection.unary(Maintenance.method.status, {}, { ...options, timeoutMs: SILENT_MS });
      } catch (fault) {
        const verdict = judge(fault);
        // A time limit is told by the silence that it is; events may have come meanwhile.
        if (verdict.kind !== 'unknown') end(new StoreUnavailable(`${what}: ${verdict.reason}`));
      } finally {
        asking = false;
      }
    };
    const timer = setInterval(() => {
      const silentMs = performance.now() - Math.max(openedMs, connection.heardMs());
      if (silentMs > SILENT_MS) {
        end(new StoreUnavailable(`${what}: it has said nothing for ${Math.round(silentMs)} ms`));
        connection.close();
      } else if (!asking) void ask();
    }, ASK_EVERY_MS);
    release = () => {
      clearInterval(timer);
      stream.cancel();
    };
    stream.on('data', (answer: MessageShape<typeof WatchResponseSchema>) => {
      if (over) return;
      if (answer.canceled) {
        end(cancelled(what, answer));
        return;
      }
      const events = answer.events.map(readEvent);
      const last = events.at(-1);
      if (last !== undefined) listener.onEvents(events, last.entry.modRevision);
    });
    // Cancelling ends it with a fault, too; then it is over already.
    stream.on('error', (fault) => end(new StoreUnavailable(`${what}: ${judge(fault).reason}`)));
    stream.on('end', () => end(new StoreUnavailable(`${what}: the member ended it`)));
    const request = {
      key: encodeText(range.key),
      rangeEnd: encodeText(range.end),
      startRevision: BigInt(range.fromRevision),
    };
    stream.write(create(WatchRequestSchema, { requestUnion: { case: 'createRequest', value: request } }));
  };

  void begin();
  return () => {
    over = true;
    release();
  };

  async function begin(): Promise<void> {
    try {
      await client.call('watch', 'read', async (connection, options) => {
        // Of an old token a watch is told that it has no permission; a read is told the truth.
        if (options.token !== undefined) {
          const request = { key: encodeText(range.key), serializable: true, countOnly: true };
          await connection.unary(KV.method.range, request, options);
        }
        if (!over) run(connection, options);
      });
    } catch (fault) {
      if (!(fault instanceof StoreFault)) throw fault;
      end(fault);
    }
  }
}

function cancelled(what: string, answer: MessageShape<typeof WatchResponseSchema>): StoreFault {
  if (answer.compactRevision > 0n) {
    return new StoreCompacted(`${what}: what was before revision ${answer.compactRevision} is forgotten`);
  }
  const verdict = judge(new Error(answer.cancelReason));
  if (verdict.kind === 'refused') return new StoreRefused(`${what}: ${verdict.reason}`);
  return new StoreUnavailable(`${what}: ${answer.cancelReason || 'etcd ended it'}`);
}

function readEvent(event: MessageShape<typeof WatchResponseSchema>['events'][number]): WatchEvent {
  if (event.kv === undefined) throw new StoreFault('etcd sent an event without a key');
  const entry = readEntry(event.kv);
  if (event.type === Event_Type.PUT) return { kind: 'put', entry };
  return { kind: 'delete', entry: { ...entry, createRevision: entry.modRevision } };
}

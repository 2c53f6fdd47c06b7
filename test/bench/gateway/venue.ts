import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithFile } from '@keel/test-servers';
import type { Address, Hex } from '@keel/types';
import type { FeedPlan, OrderPlan } from './loadPlan.ts';

/** The exchange under load, and the bare server beside it. */
export interface Venue {
  readonly url: string;
  readonly bareUrl: string;
  readonly chainId: number;
  readonly settlement: Address;
  readonly keys: readonly Hex[];
  /** Tells whoever waits what is going on. */
  readonly note: (text: string) => void;
}

export const socketUrl = (url: string): string => `${url.replace('http', 'ws')}/v1/ws`;

/** A load process that has prepared its plan. */
export interface Load {
  run<Result>(line: string): Promise<Result>;
  end(): void;
}

export async function startLoad(plan: OrderPlan | FeedPlan): Promise<Load> {
  const script = new URL('load.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(plan)], { stdio: ['pipe', 'pipe', 'inherit'] });
  endWithFile(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<object> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the load process ended early');
    return JSON.parse(value) as object;
  };
  await next();
  return {
    run: async <Result>(line: string) => {
      child.stdin.write(`${line}\n`);
      return (await next()) as Result;
    },
    end: () => void child.stdin.end('end\n'),
  };
}

/** Of the gateway's own figures, what a run moves. */
export interface GatewayFigures {
  readonly cpuSeconds: number;
  readonly signatureSeconds: number;
  readonly residentBytes: number;
}

export async function gatewayFigures({ url }: Venue): Promise<GatewayFigures> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n');
  const figure = (name: string): number =>
    Number(
      lines
        .find((line) => line.startsWith(`${name}{`))
        ?.split(' ')
        .at(-1) ?? Number.NaN,
    );
  return {
    cpuSeconds: figure('process_cpu_seconds_total'),
    signatureSeconds: figure('keel_gateway_signature_seconds_sum'),
    residentBytes: figure('process_resident_memory_bytes'),
  };
}

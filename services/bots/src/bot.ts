import type { Address } from '@keel/types';

/** Something that trades in turns. A turn that throws is tried again later from what the exchange then says. */
export interface Bot {
  readonly name: string;
  readonly address: Address;
  /** Shortest time between the beginnings of two turns. */
  readonly everyMs: number;
  turn(): Promise<void>;
  close(): void;
}

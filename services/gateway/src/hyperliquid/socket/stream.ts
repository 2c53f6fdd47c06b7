import type { Publication } from '@keel/redis';

/** One connection, as a stream sees it. */
export interface Follower {
  /**
   * Frames that bring a stream it follows to `sequence`; none if only that is said. All of them are left out when the follower
   * reads too slowly: `greet` makes it whole again.
   */
  hear(stream: Stream, frames: readonly Buffer[], sequence: number): void;
  /** It fell behind so far that something which may not be left out is lost for it. */
  lose(): void;
}

/** One subscription as many connections may share it; a frame is encoded once and the same bytes are handed to all. */
export interface Stream {
  readonly size: number;
  /** The first frames come at once, or once they are read. */
  add(follower: Follower): void;
  remove(follower: Follower): void;
  /** Brings up to date a follower that heard nothing after `since`; -1 = nothing at all. */
  greet(follower: Follower, since: number): void;
  /** One flush of the sequencer. */
  apply(publication: Publication): void;
  /** Everything may have changed unseen. */
  reload(): void;
  close(): void;
}

/** `data` is a JSON text. `seq`, the sequence that the frame brings its channel to, is an addition of ours; clients skip it. */
export function encodeChannel(channel: string, data: string, sequence: number): Buffer {
  return Buffer.from(`{"channel":"${channel}","data":${data},"seq":${sequence}}`);
}

const DIGITS = 16;

/** Where a cluster keeps what in its store. Every key of it begins with `prefix`; `end` is the first that does not. */
export interface ClusterKeys {
  readonly prefix: string;
  readonly end: string;
  readonly identity: string;
  readonly leader: string;
  readonly handOver: string;
  readonly pause: string;
  readonly log: KeyRange;
  readonly nodes: KeyRange;
  readonly terms: KeyRange;
}

/** Keys of one kind: `start` to before `end`, a name each behind `start`. */
export interface KeyRange {
  readonly start: string;
  readonly end: string;
}

export function clusterKeys(cluster: string): ClusterKeys {
  const prefix = `/keel/${cluster}/`;
  const rangeOf = (name: string): KeyRange => ({ start: `${prefix}${name}/`, end: `${prefix}${name}0` });
  return {
    prefix,
    // '0' is the character behind '/'.
    end: `/keel/${cluster}0`,
    identity: `${prefix}identity`,
    leader: `${prefix}leader`,
    handOver: `${prefix}hand-over`,
    pause: `${prefix}pause`,
    log: rangeOf('log'),
    nodes: rangeOf('nodes'),
    terms: rangeOf('terms'),
  };
}

/** A key named by a number, so that keys stand in the numbers' order. */
export function numberedKey(range: KeyRange, number: number): string {
  return `${range.start}${String(number).padStart(DIGITS, '0')}`;
}

/** Whether a key belongs to a range. */
export function isWithin(range: KeyRange, key: string): boolean {
  return key.startsWith(range.start);
}

import type { HeadDoc, Publication } from '@keel/redis';

/** Whoever makes frames of its own from what the live feed hears; it is told of each thing after every channel has it. */
export interface FeedWatcher {
  /** Every book and list was read anew: what came before may have a gap. */
  onLoaded(head: HeadDoc): void;
  /** One flush. After `onLoaded` a few may come that what was read holds already. */
  onApplied(publication: Publication): void;
}

/** Bounds of the signature threads; the README lists those that a client can notice. */

/**
 * Checks that one message carries to a thread, orders of a batch counted. One hand-over costs both sides some 20 µs and a
 * check 100 to 150, so that 16 lose little to it; and 16 are the 2 ms for which a cancel may find a thread busy.
 */
export const BATCH_ITEMS_MAX = 16;
/** Without libsecp256k1 a check takes a millisecond or two: fewer, for the same wait. */
export const SLOW_BATCH_ITEMS_MAX = 2;
/** Batches that a thread has before it: one under work, one so that it need not wait for the next. */
export const BATCHES_PER_THREAD = 2;
/** Without threads the event loop checks for so long, then lets everything else have its turn. */
export const SLICE_MS = 2;
/**
 * Checks of one class that wait; one more is refused. Above what the door admits of a class, so only what asks for a check
 * outside of the door meets it; 16,384 wait for about a second with two threads.
 */
export const WAITING_PER_CLASS_MAX = 16_384;
/** More threads than this would have nothing to do: the event loop hands over some 50,000 requests a second at most. */
export const THREADS_MAX = 16;
/** Threads where nobody asked for a number; the event loop, the sequencer and Redis want cores, too. */
export const SIGNATURE_THREADS_UNASKED_MAX = 4;

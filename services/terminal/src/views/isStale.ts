import { computed } from '@preact/signals';
import { link, silentForMs } from '../feed/store.ts';

/** After this long without a frame the figures on the page are history, and the page has to say so. */
const STALE_AFTER_MS = 3_000;

export const isStale = computed(() => link.value === 'reconnecting' || silentForMs.value >= STALE_AFTER_MS);

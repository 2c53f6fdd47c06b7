import { useSignal } from '@preact/signals';
import { shortHex } from '../address.ts';

const SHOWN_MS = 1_500;

interface CopyHashProps {
  readonly hash: string;
  /** What the hash is, for those who do not see where it stands: `state root of batch 12`. */
  readonly name: string;
}

/** A hash or address in short; a click puts the whole of it on the clipboard and says whether that worked. */
export function CopyHash({ hash, name }: CopyHashProps) {
  const outcome = useSignal('');
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(hash);
      outcome.value = 'copied';
    } catch {
      // A page served without https from another machine has no clipboard; the title still shows the whole hash.
      outcome.value = 'not allowed';
    }
    setTimeout(() => {
      outcome.value = '';
    }, SHOWN_MS);
  }
  return (
    <button
      type="button"
      class="hash"
      title={`Copy ${hash}`}
      aria-label={`Copy ${name} ${hash}`}
      onClick={() => void copy()}
    >
      <span aria-hidden="true">{outcome.value === '' ? shortHex(hash) : outcome.value}</span>
      <span class="sr-only" role="status">
        {outcome.value}
      </span>
    </button>
  );
}

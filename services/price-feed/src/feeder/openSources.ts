import type { Address } from '@keel/types';
import type { FeederConfig } from '../config.ts';
import { createSimulation } from '../sources/createSimulation.ts';
import { followWebSocket } from '../sources/followWebSocket.ts';
import { loadRecordings } from '../sources/loadRecordings.ts';
import { playPath } from '../sources/playPath.ts';
import { pollHttp } from '../sources/pollHttp.ts';
import type { Feed } from '../sources/priceSource.ts';
import { readSourcesFile, STALE_MS_USUAL } from '../sources/readSourcesFile.ts';
import type { FeederSources } from './observeFeed.ts';

export interface OpenedSources extends FeederSources {
  /** The sentence about a recording that will never be played, because nobody asks for its market; undefined = all are. */
  unlisted(feeds: readonly Feed[]): string | undefined;
  close(): void;
}

/** Begins everything that this feeder looks at. Throws StartupFault for a file that does not fit. */
export function openSources(config: FeederConfig, feeder: Address): OpenedSources {
  const read = loadRecordings(config);
  const file = config.sourcesFile === undefined ? undefined : readSourcesFile(config.sourcesFile);
  const live = (file?.sources ?? []).map((each) => (each.kind === 'http' ? pollHttp(each) : followWebSocket(each)));
  // Each feeder errs in its own way: by its address, of which nobody has two.
  const noiseSeed = Number.parseInt(feeder.slice(2, 10), 16);
  return {
    recordings: read.map(playPath),
    live,
    simulation: file === undefined ? createSimulation({ ...config, noiseSeed }) : undefined,
    staleMs: file?.staleMs ?? STALE_MS_USUAL,
    minimumSources: file?.minimumSources ?? 1,
    unlisted(feeds) {
      const stray = read.find(({ symbol }) => feeds.every(({ name }) => name !== symbol));
      if (stray === undefined) return undefined;
      const names = feeds.map(({ name }) => name).join(', ');
      return `${stray.file} is meant for ${stray.symbol}, but the exchange lists ${names}`;
    },
    close() {
      for (const source of live) source.close();
    },
  };
}

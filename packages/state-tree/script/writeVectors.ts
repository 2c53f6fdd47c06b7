// Writes the vectors that the contract's tests read: `npm run vectors`. A test fails when they are stale.
import { writeFileSync } from 'node:fs';
import { settlementVectors } from './settlementVectors.ts';

const path = new URL('../../contracts/test/vectors/settlement.json', import.meta.url);
writeFileSync(path, `${JSON.stringify(settlementVectors(), undefined, 2)}\n`);

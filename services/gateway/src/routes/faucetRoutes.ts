import { type Address, formatDecimal } from '@keel/types';
import { ApiError } from '../errors.ts';
import { FAUCET_ATOMS, type Faucet } from '../faucet/faucet.ts';
import { faucetAnswer, faucetBody } from '../wire/faucet.ts';
import { answers, type GatewayApp } from './gatewayApp.ts';

const USDC_DECIMALS = 6;
const NOBODY = `0x${'0'.repeat(40)}`;

/** Test money of a devnet; `faucet` is undefined everywhere else, and the route then says so. */
export function faucetRoutes(app: GatewayApp, faucet: Faucet | undefined): void {
  const schema = {
    summary: 'Test USDC, on a devnet only',
    tags: ['public'],
    body: faucetBody,
    response: answers(faucetAnswer),
  };
  app.post('/v1/faucet', { schema }, async (request) => {
    if (faucet === undefined) throw new ApiError('FAUCET_OFF');
    const address = request.body.address.toLowerCase() as Address;
    // The contract credits nobody, so this would only cost gas.
    if (address === NOBODY) throw new ApiError('BAD_REQUEST', { path: '/address', fault: 'is nobody' });
    const l1TxHash = await faucet.give(address);
    return { address, asset: 'USDC', amount: formatDecimal(FAUCET_ATOMS, USDC_DECIMALS), l1TxHash };
  });
}

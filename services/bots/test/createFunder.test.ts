import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { keelSettlementAbi, keelSettlementBytecode } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi, testUsdcBytecode } from '@keel/contracts/abi/TestUsdc.ts';
import type { Address, Hex } from '@keel/types';
import { createPublicClient, createWalletClient, http, parseAbiItem } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFunder } from '../src/createFunder.ts';

/** The first two accounts of every anvil. */
const OPERATOR_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const FUNDER_KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const ALICE = '0x00000000000000000000000000000000000a11ce';
const BOB = '0x0000000000000000000000000000000000000b0b';
const USDC = 1_000_000;

let anvil: ChildProcess;
let l1Url: string;
let usdc: Address;
let settlement: Address;

beforeAll(async () => {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const meta = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
  const binary = createRequire(meta).resolve(`@foundry-rs/anvil-${process.platform}-${architecture}/bin/anvil`);
  anvil = spawn(binary, ['--port', '0', '--host', '127.0.0.1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  l1Url = await new Promise<string>((resolve, reject) => {
    let text = '';
    anvil.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const address = /Listening on (\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
    anvil.once('exit', () => reject(new Error(`anvil ended: ${text}`)));
  });
  const account = privateKeyToAccount(OPERATOR_KEY);
  const settings = { chain: foundry, transport: http(l1Url), pollingInterval: 50 };
  const wallet = createWalletClient({ account, ...settings });
  const mined = async (hash: Hex): Promise<Address> => {
    const receipt = await createPublicClient(settings).waitForTransactionReceipt({ hash });
    return receipt.contractAddress as Address;
  };
  usdc = await mined(await wallet.deployContract({ abi: testUsdcAbi, bytecode: testUsdcBytecode }));
  const args = [usdc, account.address] as const;
  const deployed = { abi: keelSettlementAbi, bytecode: keelSettlementBytecode, args };
  settlement = await mined(await wallet.deployContract(deployed));
}, 30_000);
afterAll(() => anvil.kill());

test('deposits asked for at once all arrive, in the order asked, minted and approved on the way', async () => {
  const funder = createFunder({ l1Url, chainId: foundry.id, settlement, usdc, privateKey: FUNDER_KEY });
  const amounts: [Address, number][] = [
    [ALICE, 2_000 * USDC],
    [BOB, 1_000_000 * USDC],
    [ALICE, 1_500_000],
  ];
  await Promise.all(amounts.map(([account, atoms]) => funder.deposit(account, atoms)));

  const reader = createPublicClient({ chain: foundry, transport: http(l1Url) });
  const event = parseAbiItem(
    'event Deposited(uint64 indexed depositIndex, address indexed account, uint16 indexed assetId, uint64 amountAtoms)',
  );
  const logs = await reader.getLogs({ address: settlement, event, fromBlock: 0n });
  const seen = logs.map(({ args }) => [args.depositIndex, args.account?.toLowerCase(), args.amountAtoms]);
  expect(seen).toEqual(amounts.map(([account, atoms], index) => [BigInt(index), account, BigInt(atoms)]));
});

test('a deposit the contract refuses fails alone', async () => {
  const funder = createFunder({ l1Url, chainId: foundry.id, settlement, usdc, privateKey: FUNDER_KEY });
  const [small, good] = await Promise.allSettled([funder.deposit(ALICE, 1), funder.deposit(ALICE, USDC)]);
  expect(small.status).toBe('rejected');
  expect(good.status).toBe('fulfilled');
});

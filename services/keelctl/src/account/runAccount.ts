import { formatDecimal, QUOTE_DECIMALS } from '@keel/types';
import { type Static, Type } from 'typebox';
import { CommandFault } from '../commandFault.ts';
import { CommandLineFault } from '../commandLineFault.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { askAny } from '../nodes/askAny.ts';
import { NODE_OPTIONS, openDoor } from '../nodes/nodeDoor.ts';
import { assertNoMore, readOptions } from '../readOptions.ts';
import { tableOf } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { countText } from '../times.ts';

const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const signed = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
const decimals = Type.Integer({ minimum: 0, maximum: 18 });

/** `GET /account?owner=` of a sequencer's admin port, as far as it is read here. */
const accountsSchema = Type.Object({
  sequence: Type.Optional(count),
  accounts: Type.Array(
    Type.Object({
      accountId: count,
      owner: Type.String(),
      subaccount: count,
      collateralAtoms: signed,
      equityAtoms: signed,
      initialMarginAtoms: count,
      maintenanceMarginAtoms: count,
      balances: Type.Array(Type.Object({ symbol: Type.String(), decimals, amountAtoms: count, valueAtoms: signed })),
      positions: Type.Array(
        Type.Object({
          symbol: Type.String(),
          priceDecimals: decimals,
          sizeDecimals: decimals,
          sizeLots: signed,
          entryTicks: count,
          markTicks: count,
          unrealisedAtoms: signed,
        }),
      ),
      openOrders: count,
      liquidator: Type.Optional(Type.Boolean()),
      inLiquidation: Type.Boolean(),
      warnedPercent: Type.Optional(count),
    }),
  ),
});

type Account = Static<typeof accountsSchema>['accounts'][number];

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** keelctl account show ADDRESS: as the engine of the farthest node has it, which is before Redis shows it. */
export async function runAccount(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, NODE_OPTIONS);
  const [verb, owner, ...rest] = positionals;
  if (verb !== 'show' || owner === undefined || !ADDRESS.test(owner))
    throw new CommandLineFault('say "account show ADDRESS": 0x and 40 hex digits');
  assertNoMore('account show', rest, ' ADDRESS');
  const { url, value } = await askAny(openDoor(values), `/account?owner=${owner.toLowerCase()}`, accountsSchema);
  if (values.json) terminal.write(`${JSON.stringify({ node: url, ...value })}\n`);
  if (value.accounts.length === 0) {
    if (values.json) return EXIT.notFine;
    throw new CommandFault(
      `nobody of ${owner} has an account at command ${value.sequence ?? '?'}: nothing was ever deposited for it`,
    );
  }
  if (!values.json) terminal.write(`${textOf(url, value.sequence, value.accounts).join('\n')}\n`);
  return EXIT.fine;
}

function textOf(url: string, sequence: number | undefined, accounts: readonly Account[]): string[] {
  return [
    `as ${url} has it after command ${countText(sequence)}`,
    ...accounts.flatMap((account) => ['', ...accountText(account)]),
  ];
}

function accountText(account: Account): string[] {
  const { accountId, subaccount, equityAtoms, maintenanceMarginAtoms, warnedPercent = 0 } = account;
  const used = equityAtoms <= 0 ? undefined : Math.floor((maintenanceMarginAtoms * 100) / equityAtoms);
  const state = account.inLiquidation
    ? 'IN LIQUIDATION'
    : warnedPercent > 0
      ? `warned at ${warnedPercent} % of maintenance`
      : 'in order';
  return [
    `account ${accountId}${subaccount === 0 ? '' : `, subaccount ${subaccount}`}: ${state}${account.liquidator === true ? ', may take auctions' : ''}`,
    ...tableOf(
      ['USDC', 'equity', 'initial margin', 'maintenance', 'maintenance of equity', 'open orders'],
      [
        [
          usdc(account.collateralAtoms),
          usdc(equityAtoms),
          usdc(account.initialMarginAtoms),
          usdc(maintenanceMarginAtoms),
          used === undefined ? '-' : `${used} %`,
          countText(account.openOrders),
        ],
      ],
    ),
    ...(account.balances.length === 0
      ? []
      : [
          '',
          ...tableOf(
            ['other collateral', 'amount', 'counts USDC'],
            account.balances.map((each) => [
              each.symbol,
              formatDecimal(each.amountAtoms, each.decimals),
              usdc(each.valueAtoms),
            ]),
          ),
        ]),
    ...(account.positions.length === 0
      ? ['no positions']
      : ['', ...tableOf(['market', 'size', 'entry', 'mark', 'unrealised'], account.positions.map(positionRow))]),
  ];
}

function positionRow({
  symbol,
  sizeLots,
  sizeDecimals,
  entryTicks,
  markTicks,
  priceDecimals,
  unrealisedAtoms,
}: Account['positions'][number]): string[] {
  return [
    symbol,
    formatDecimal(sizeLots, sizeDecimals),
    formatDecimal(entryTicks, priceDecimals),
    formatDecimal(markTicks, priceDecimals),
    usdc(unrealisedAtoms),
  ];
}

function usdc(atoms: number): string {
  return formatDecimal(atoms, QUOTE_DECIMALS);
}

import type { SignedRequest } from '../commands/createCommands.ts';
import { ERROR_CODES, ERRORS } from '../errors.ts';
import type { Network } from '../format/formatExchange.ts';
import { SOCKET_PATH } from '../socket/path.ts';
import { CHANNEL_NAMES, CHANNELS } from '../wire/channels.ts';
import { describeDomain } from './apiHead.ts';
import { signedType } from './signedType.ts';

/** A route that is no signed request. */
export interface PlainRoute {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
}

/** The whole door in a few pages of plain text, for readers that are programs; made from the tables that serve it. */
export function llmsText(plain: readonly PlainRoute[], commands: readonly SignedRequest[], network: Network): string {
  const lines = [
    '# Keel',
    '',
    `> ${describeDomain(network)}`,
    '',
    '- [OpenAPI 3.1](/openapi.json): every route of REST with its schemas; [interactive](/docs)',
    '- [AsyncAPI 3](/asyncapi.json): every message of the WebSocket',
    '- `POST /info`, `POST /exchange` and `/ws` speak to clients of Hyperliquid, where the operator has not turned them off',
    '',
    '## Signed requests',
    '',
    'The body is the fields of the typed data and `signature`, 65 bytes r, s, v. `nonce` is the time in milliseconds, used once by each',
    'signer. `POST /v1/debug/verify` explains a signature that is refused. Over WebSocket the method takes the same body as `params`.',
    'Below each request stands the type that is signed. Every field is: one that the body leaves out as the default of its schema. Domain:',
    '`EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)`.',
    '',
    ...commands.flatMap((command) => {
      const { path, wsMethod, summary } = command;
      const socket = wsMethod === undefined ? '' : ` (\`${wsMethod}\`)`;
      return [`- \`POST ${path}\`${socket}: ${summary}`, `  \`${signedType(command)}\``];
    }),
    '',
    '## Reading, and the rest',
    '',
    ...plain.map(({ method, path, summary }) => `- \`${method} ${path}\`: ${summary}`),
    '',
    '## WebSocket',
    '',
    `\`${SOCKET_PATH}\` takes \`{"id","method","params"}\`; \`subscribe\` and \`unsubscribe\` take a channel and its fields:`,
    '',
    ...CHANNEL_NAMES.map((name) => {
      const fields = Object.keys(CHANNELS[name].params.properties).filter((field) => field !== 'channel');
      return `- \`${name}\` (${fields.join(', ')}): ${CHANNELS[name].summary}`;
    }),
    '',
    '## Errors',
    '',
    'Problem details over HTTP; over WebSocket `{"id","error":{"code","number","message","retryable","details"}}`.',
    '',
    ...ERROR_CODES.map((code) => {
      const { number, status, retryable, message } = ERRORS[code];
      return `- ${code} (${number}, HTTP ${status}${retryable ? ', retryable' : ''}): ${message}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

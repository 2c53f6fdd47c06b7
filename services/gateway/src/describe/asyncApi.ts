import { type TSchema, Type } from 'typebox';
import type { SignedRequest } from '../commands/createCommands.ts';
import { ERRORS } from '../errors.ts';
import type { Network } from '../format/formatExchange.ts';
import { SOCKET_PATH } from '../socket/path.ts';
import { errorBody } from '../wire/answers.ts';
import {
  CHANNEL_NAMES,
  CHANNELS,
  cancelOnDisconnectAnswer,
  frameAnswer,
  limitsAnswer,
  pingAnswer,
  subscribedAnswer,
} from '../wire/channels.ts';
import { frameBody, pingParams } from '../wire/requests.ts';
import { API_VERSION, describeDomain } from './apiHead.ts';

type Json = Readonly<Record<string, unknown>>;

/** One method of the socket: what is asked, and what is answered. */
interface Method {
  readonly key: string;
  readonly name: string;
  readonly summary: string;
  readonly params: TSchema;
  readonly result: TSchema;
}

const CHANNEL_REF = { $ref: '#/channels/socket' };

/**
 * The AsyncAPI document of the native socket, from the same schemas that check its requests and describe REST: one channel,
 * the connection; an operation for each method, with its answer, and for each channel that can be subscribed to.
 */
export function asyncApi(commands: readonly SignedRequest[], network: Network): Json {
  const methods = methodsOf(commands);
  const frames = CHANNEL_NAMES.map((name) => ({ name, ...CHANNELS[name], payload: frameAnswer(name) }));
  const messages: Record<string, Json> = { error: errorMessage() };
  const operations: Record<string, Json> = {};
  for (const method of methods) {
    messages[`${method.key}Request`] = messageOf(`${method.name}: request`, method.summary, requestOf(method));
    messages[`${method.key}Answer`] = messageOf(`${method.name}: answer`, method.summary, answerOf(method));
    operations[method.key] = {
      action: 'receive',
      channel: CHANNEL_REF,
      summary: method.summary,
      messages: [messageRef(`${method.key}Request`)],
      reply: { channel: CHANNEL_REF, messages: [messageRef(`${method.key}Answer`), messageRef('error')] },
    };
  }
  for (const { name, summary, update, payload } of frames) {
    messages[`${name}Frame`] = messageOf(`${name}: frame`, `${summary}; ${update}`, payload);
    operations[`${name}Frames`] = {
      action: 'send',
      channel: CHANNEL_REF,
      summary: `${summary}; ${update}`,
      messages: [messageRef(`${name}Frame`)],
    };
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Keel', version: API_VERSION, description: describeDomain(network) },
    defaultContentType: 'application/json',
    channels: {
      socket: {
        address: SOCKET_PATH,
        description:
          'One connection carries requests, their answers by id, and the frames of what is subscribed to. With ' +
          '`Sec-WebSocket-Protocol: keel.v1.protobuf` the same messages are bytes of proto/keel/v1/door.proto.',
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { ws: {} },
      },
    },
    operations,
    components: { messages: plain(messages), schemas: { Error: { ...plain(errorBody), 'x-errors': ERRORS } } },
  };
}

function methodsOf(commands: readonly SignedRequest[]): Method[] {
  const signed = commands.flatMap(({ wsMethod, summary, body, answer }): Method[] =>
    wsMethod === undefined ? [] : [{ key: keyOf(wsMethod), name: wsMethod, summary, params: body, result: answer }],
  );
  const cancelAll = commands.find(({ name }) => name === 'cancelAllOrders');
  const subscriptions = CHANNEL_NAMES.flatMap((channel): Method[] => {
    const { params, summary } = CHANNELS[channel];
    const facts = { summary, params };
    return [
      { key: `subscribe_${channel}`, name: 'subscribe', ...facts, result: subscribedAnswer(channel) },
      { key: `unsubscribe_${channel}`, name: 'unsubscribe', ...facts, result: params },
    ];
  });
  return [
    ...signed,
    {
      key: 'session_cancelOnDisconnect',
      name: 'session.cancelOnDisconnect',
      summary: 'Leave a signed cancel-all that is handed over when the connection ends; null takes it back',
      params: Type.Union([cancelAll?.body ?? Type.Object({}), Type.Null()]),
      result: cancelOnDisconnectAnswer,
    },
    {
      key: 'session_limits',
      name: 'session.limits',
      summary: 'What the connection may do, and what is left of it',
      params: pingParams,
      result: limitsAnswer,
    },
    { key: 'ping', name: 'ping', summary: 'Ask whether anybody is there', params: pingParams, result: pingAnswer },
    ...subscriptions,
  ];
}

const keyOf = (method: string): string => method.replaceAll('.', '_');
const messageRef = (name: string): Json => ({ $ref: `#/channels/socket/messages/${name}` });

function messageOf(title: string, summary: string, payload: TSchema): Json {
  return { title, summary, payload };
}

function requestOf({ name, params }: Method): TSchema {
  return Type.Object({ id: frameBody.properties.id, method: Type.Literal(name), params });
}

function answerOf({ result }: Method): TSchema {
  return Type.Object({ id: frameBody.properties.id, result });
}

/** `id` is null where the frame that was refused had none that fits. */
function errorMessage(): Json {
  const id = Type.Union([frameBody.properties.id, Type.Null()]);
  const payload = {
    type: 'object',
    required: ['id', 'error'],
    properties: { id: plain(id), error: { $ref: '#/components/schemas/Error' } },
  };
  return { title: 'error', summary: 'A request was refused', payload };
}

/** Without what a schema carries for its library only. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

interface Resting {
  readonly orderId: string;
  readonly account: string;
  readonly clientOrderId: string;
  readonly side: string;
  readonly price: number;
  size: number;
  remaining: number;
}

interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly size: string;
  readonly account: string;
}

type Body = Record<string, string | number | boolean>;

/**
 * A real HTTP and WebSocket server with one market, SOL-USD, matched by price and time and nothing else: no margin, no
 * signatures. Enough to see what the bots send and how they take the answers; the true exchange is met end to end.
 */
export class ExchangeDouble {
  readonly sent: { readonly method: string; readonly body: Body }[] = [];
  readonly book: Resting[] = [];
  readonly collateral = new Map<string, string>();
  readonly positions = new Map<string, { market: string; size: string }[]>();
  index = '3357.5';
  tradingStatus = 'open';
  /** Refuses a request before it is looked at. */
  refuse: (method: string, body: Body) => { code: string; retryable: boolean } | undefined = () => undefined;
  /** Takes a request but never answers it: the connection is cut instead. */
  swallow: (method: string, body: Body) => boolean = () => false;
  readonly #fills: Fill[] = [];
  readonly #nonces = new Set<string>();
  #sequence = 0;
  #ids = 0;
  readonly #http = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(this.#get(request)));
  });
  readonly #sockets = new WebSocketServer({ server: this.#http, path: '/v1/ws' });

  async listen(): Promise<string> {
    this.#sockets.on('connection', (socket) => socket.on('message', (data) => this.#hear(socket, String(data))));
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #get(request: IncomingMessage): object {
    const [, , kind, address = '', below] = (request.url ?? '').split(/[/?]/);
    if (kind === 'status') return { network: { chainId: 1, settlement: `0x${'5'.repeat(40)}`, usdc: '' } };
    if (kind === 'markets') return { markets: [this.#market()] };
    const own = <Item extends { readonly account: string }>(items: Item[]) =>
      items.filter(({ account }) => account === address);
    if (below === 'fills') return { sequence: this.#sequence, address, fills: own(this.#fills) };
    const collateral = this.collateral.get(address) ?? '100000000';
    const openOrders = own(this.book).map((order) => ({
      ...order,
      market: 'SOL-USD',
      price: String(order.price),
      remainingSize: String(order.remaining),
    }));
    const positions = this.positions.get(address) ?? [];
    return { collateral, equity: collateral, positions, openOrders, inLiquidation: false };
  }

  #market(): object {
    const steps = { tickSize: '0.01', lotSize: '0.01', minNotional: '10', maxLeverage: '20' };
    return { symbol: 'SOL-USD', tradingStatus: this.tradingStatus, ...steps, index: this.index, mark: this.index };
  }

  #hear(socket: WebSocket, text: string): void {
    const { id, method, params } = JSON.parse(text) as { id: number; method: string; params: Body };
    this.sent.push({ method, body: params });
    const refusal = this.refuse(method, params) ?? this.#useNonce(params);
    if (refusal !== undefined) {
      socket.send(JSON.stringify({ id, error: { message: 'refused', details: {}, ...refusal } }));
      return;
    }
    this.#sequence += 1;
    const answer = this.#act(method, params);
    if (this.swallow(method, params)) socket.terminate();
    else socket.send(JSON.stringify({ id, ...answer }));
  }

  #useNonce(body: Body): { code: string; retryable: boolean } | undefined {
    const key = `${body.account} ${body.nonce}`;
    if (this.#nonces.has(key)) return { code: 'NONCE_ALREADY_USED', retryable: false };
    this.#nonces.add(key);
    return undefined;
  }

  #act(method: string, body: Body): object {
    const acked = { status: 'acked', sequence: this.#sequence };
    const error = (code: string) => ({ error: { code, message: code, retryable: false, details: {} } });
    if (method === 'order.cancelAll') {
      const kept = this.book.filter(({ account }) => account !== body.account);
      this.book.splice(0, this.book.length, ...kept);
      return { result: acked };
    }
    if (method === 'order.cancel') {
      const index = this.book.findIndex(({ orderId }) => orderId === body.orderId);
      if (index < 0) return error('ORDER_UNKNOWN');
      this.book.splice(index, 1);
      return { result: acked };
    }
    if (method === 'order.amend') return this.#amend(acked, error, body);
    const facing = this.#facing(body);
    if (body.timeInForce === 'postOnly' && facing.length > 0) return error('POST_ONLY_WOULD_CROSS');
    return { result: { ...acked, ...this.#trade(body, facing) } };
  }

  /** Only smaller at the same price, which keeps the place in the book. */
  #amend(acked: object, error: (code: string) => object, body: Body): object {
    const order = this.book.find(({ orderId }) => orderId === body.orderId);
    if (order === undefined) return error('ORDER_UNKNOWN');
    const less = order.size - Number(body.size);
    if (Number(body.price) !== order.price || less < 0) return error('ORDER_NOT_AMENDABLE');
    if (Number(body.size) <= order.size - order.remaining + 1e-9) return error('AMEND_SIZE_TOO_SMALL');
    order.size = Number(body.size);
    order.remaining = Math.round((order.remaining - less) * 100) / 100;
    return { result: { ...acked, orderId: order.orderId, keptPlace: true } };
  }

  /** Orders that a new one would meet, best first, then oldest. */
  #facing(body: Body): Resting[] {
    const buy = body.side === 'buy';
    const limit = Number(body.price);
    return this.book
      .filter(({ side, price }) => side !== body.side && (buy ? price <= limit : price >= limit))
      .sort((left, right) => (buy ? left.price - right.price : right.price - left.price));
  }

  #trade(body: Body, facing: readonly Resting[]): object {
    this.#ids += 1;
    const orderId = String(this.#ids);
    let left = Number(body.size);
    const fills: { tradeId: string; size: string }[] = [];
    for (const maker of facing) {
      const size = Math.round(Math.min(left, maker.remaining) * 100) / 100;
      if (size === 0) break;
      const fill = { tradeId: `t${this.#ids}-${fills.length}`, size: String(size) };
      fills.push(fill);
      this.#fills.push({ ...fill, orderId: maker.orderId, account: maker.account });
      maker.remaining = Math.round((maker.remaining - size) * 100) / 100;
      left = Math.round((left - size) * 100) / 100;
      if (maker.remaining === 0) this.book.splice(this.book.indexOf(maker), 1);
    }
    const rests = left > 0 && body.timeInForce !== 'ioc';
    const terms = { account: String(body.account), clientOrderId: String(body.clientOrderId) };
    if (rests)
      this.book.push({
        orderId,
        ...terms,
        side: String(body.side),
        price: Number(body.price),
        size: Number(body.size),
        remaining: left,
      });
    return { orderId, fills, state: rests ? 'resting' : left === 0 ? 'filled' : 'closed' };
  }
}

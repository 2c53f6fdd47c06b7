import { readFileSync } from 'node:fs';
import { type ClientRequest, request as requestClear } from 'node:http';
import { request as requestTls } from 'node:https';
import type { OwnEtcdTls } from './startEtcd.ts';

export interface GatewayCall {
  readonly url: string;
  readonly body: object;
  readonly token: string | undefined;
  readonly tls: OwnEtcdTls | undefined;
}

/** One call of etcd's JSON gateway; rejects with etcd's own words when it is not answered with 200. */
export function gatewayCall(call: GatewayCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = open(call);
    request.on('timeout', () => request.destroy(new Error(`${call.url} does not answer`)));
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${call.url}: ${text.trim()}`));
      });
    });
    request.end(JSON.stringify(call.body));
  });
}

function open({ url, token, tls }: GatewayCall): ClientRequest {
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: token }) },
    timeout: 10_000,
    // A pooled connection would keep the test's process alive.
    agent: false as const,
  };
  if (tls === undefined) return requestClear(url, options);
  const certificates = {
    ca: readFileSync(tls.caFile),
    cert: readFileSync(tls.certFile),
    key: readFileSync(tls.keyFile),
  };
  return requestTls(url, { ...options, ...certificates });
}

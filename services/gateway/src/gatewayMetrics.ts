import { LATENCY_BUCKETS_SECONDS, type Metrics } from '@keel/runtime';

/** The gateway's own figures. Labels have few values: routes, methods, codes of the catalogue. */
export function createGatewayMetrics(metrics: Metrics) {
  return {
    requests: metrics.counter({
      name: 'keel_gateway_requests_total',
      help: 'Answers over HTTP.',
      labelNames: ['route', 'status'],
    }),
    commands: metrics.counter({
      name: 'keel_gateway_commands_total',
      help: 'Signed requests over both transports; result is ok or the code of the refusal.',
      labelNames: ['command', 'result'],
    }),
    ackSeconds: metrics.histogram({
      name: 'keel_gateway_ack_seconds',
      help: 'From a command being ready for the sequencer, waiting for its turn included, to its acknowledgement.',
      buckets: LATENCY_BUCKETS_SECONDS,
    }),
    signatureSeconds: metrics.histogram({
      name: 'keel_gateway_signature_seconds',
      help: 'Hashing the typed data and recovering the signer, in whichever thread; of a batch the mean.',
      buckets: LATENCY_BUCKETS_SECONDS,
    }),
    shed: metrics.counter({
      name: 'keel_gateway_shed_total',
      help: 'Signed requests refused with GATEWAY_OVERLOADED, by class.',
      labelNames: ['class'],
    }),
    budgetRefusals: metrics.counter({
      name: 'keel_gateway_budget_refusals_total',
      help: 'Signed requests refused with BUDGET_EXHAUSTED.',
    }),
    wsClients: metrics.gauge({ name: 'keel_gateway_ws_clients', help: 'Open WebSocket connections.' }),
    wsFrames: metrics.counter({
      name: 'keel_gateway_ws_frames_total',
      help: 'Frames and answers sent over WebSocket.',
    }),
    wsConflated: metrics.counter({
      name: 'keel_gateway_ws_conflated_total',
      help: 'Times a channel was left out for a client that read too slowly, until it gets a snapshot.',
    }),
    heldCancels: metrics.counter({
      name: 'keel_gateway_held_cancels_total',
      help: 'Signed cancels handed over because their connection ended; result is ok or the code of the refusal.',
      labelNames: ['result'],
    }),
    wsClosed: metrics.counter({
      name: 'keel_gateway_ws_closed_total',
      help: 'Connections closed by the gateway, by reason.',
      labelNames: ['reason'],
    }),
    feedResyncs: metrics.counter({
      name: 'keel_gateway_feed_resyncs_total',
      help: 'Times the chain of the event stream began anew.',
    }),
  };
}

export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>;

/** Answers every frame with its id: the cost of the socket alone. Prints its port. */
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') process.stdout.write(`${address.port}\n`);
});
server.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { id: number };
    socket.send(JSON.stringify({ id: frame.id, result: {} }));
  });
});
process.on('SIGTERM', () => process.exit(0));

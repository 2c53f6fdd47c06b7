import { createServer } from 'node:net';
import { runService, StartupFault } from '../src/index.ts';

/** A process for runService.test.ts; its first argument says what happens to it. */
runService('example', async ({ log, stopSignal, fail }) => {
  const timer = setInterval(() => undefined, 1000);
  switch (process.argv[2]) {
    case 'startupFault':
      throw new StartupFault('port 8080 is in use: stop the other program or set KEEL_GATEWAY_PORT');
    case 'noSpace':
      throw Object.assign(new Error('write'), { code: 'ENOSPC', path: '/data/journal' });
    case 'refused': {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      await new Promise((resolve) => server.close(resolve));
      await fetch(`http://127.0.0.1:${port}/`).catch((fault: Error) => Promise.reject(fault.cause));
      break;
    }
    case 'rejectsLater':
      setTimeout(() => Promise.reject(new Error('nobody\n caught this')), 10);
      break;
    case 'throwsLater':
      setTimeout(() => {
        throw new TypeError('thrown in a timer');
      }, 10);
      break;
    case 'failsLater':
      setTimeout(() => fail(new StartupFault('the journal is broken')), 10);
      break;
    case 'waitsForever':
      stopSignal.addEventListener('abort', () => log.info('aborted'));
      process.stdout.write('starting\n');
      await new Promise((_resolve, reject) => stopSignal.addEventListener('abort', () => reject(stopSignal.reason)));
      break;
    default:
      break;
  }
  return () => {
    clearInterval(timer);
    log.info('released');
  };
});

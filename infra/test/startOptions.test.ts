import { describe, expect, test } from 'vitest';
import { readClusterOptions, readStartOptions } from '../bootstrap/startOptions.mjs';

const read = (args: readonly string[], kind: string | undefined = 'file') =>
  readStartOptions([...args], '/here', (path: string) => (path === '/here/none.csv' ? undefined : kind));

describe('npm start options', () => {
  test('none given', () => {
    expect(read([])).toMatchObject({
      port: 8080,
      bots: true,
      liquidator: true,
      fresh: false,
      once: false,
      json: false,
      help: false,
    });
  });

  test('what may be left out', () => {
    expect(read(['--no-bots', '--no-liquidator'])).toMatchObject({ bots: false, liquidator: false });
    expect(read(['--no-liquidator'])).toMatchObject({ bots: true, liquidator: false });
  });

  test('files are named from where the person stands', () => {
    expect(read(['--replay', 'week.csv', '--speed', '600', '--market', 'BTC-USD'])).toMatchObject({
      replay: '/here/week.csv',
      speed: 600,
      market: 'BTC-USD',
    });
  });

  test.each([
    [['--prot', '1'], /Unknown option '--prot'/],
    [['extra'], /Unexpected argument 'extra'/],
    [['--port', '0'], /--port must be a whole number from 1 to 65535, not "0"/],
    [['--port', '80.5'], /--port must be a whole number/],
    [['--port', '-1'], /--port must be a whole number .* not "-1"/],
    [['--port'], /^--port needs N\.$/],
    [['--orders', '--for', '1'], /^--orders needs FILE\.$/],
    [['--data='], /^--data needs DIR\.$/],
    [['--replay', ''], /^--replay needs FILE\.$/],
    [['--replay', 'a.csv', '--market', 'FOO-USD'], /no market FOO-USD .*; there are BTC-USD, ETH-USD, SOL-USD\.$/],
    [['--for', 'ever'], /--for must be a number from 1/],
    [['--replay', 'a.csv', '--speed', '1e3'], /--speed must be a number .* not "1e3"/],
    [['--speed', '2'], /--speed .* needs --replay FILE or --orders FILE/],
    [['--market', 'BTC-USD'], /--market .* needs --replay FILE or --orders FILE/],
    [['--replay', 'a', '--orders', 'b', '--market', 'BTC-USD'], /--market names the market of one recording/],
  ])('%j is refused in one sentence', (args, sentence) => {
    expect(read(args)).toMatch(sentence);
    expect(read(args)).not.toMatch(/\n/);
  });

  test('a file that is not there is named', () => {
    expect(read(['--replay', 'none.csv'])).toBe('There is no file /here/none.csv (--replay).');
    expect(read(['--orders', '/etc'], 'folder')).toBe('/etc is a folder, not a file (--orders).');
  });
});

describe('npm run cluster options', () => {
  const readCluster = (args: readonly string[]) => readClusterOptions([...args], '/here', () => 'file');

  test('its own gateway port, and what dies is started again unless asked otherwise', () => {
    expect(readCluster([])).toMatchObject({ port: 8180, restart: true, bots: true });
    expect(readCluster(['--no-restart', '--port', '9000'])).toMatchObject({ port: 9000, restart: false });
  });

  test('a slip is told with its own help', () => {
    expect(readCluster(['--no-restarts'])).toMatch(/Unknown option '--no-restarts'; npm run cluster -- --help/);
    expect(read(['--no-restart'])).toMatch(/Unknown option '--no-restart'; npm start -- --help/);
  });
});

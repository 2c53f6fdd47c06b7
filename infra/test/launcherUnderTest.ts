import { takeDataFolder } from '../launcher/dataFolder.ts';
import { openSupervisor } from '../launcher/supervisor.ts';

/** A launcher of one process that does nothing, for tests that end the launcher itself. Prints a line when it runs. */
const folder = await takeDataFolder(process.argv[2] ?? '', { fresh: false, say: () => undefined });
const supervisor = openSupervisor({ folder, say: () => undefined, giveUp: () => process.exit(1) });
await supervisor.start({
  name: 'sleeper',
  command: process.execPath,
  args: ['-e', 'setInterval(() => 1, 1000)'],
  env: process.env,
  ports: {},
  notReady: async () => undefined,
});
process.stdout.write('running\n');

import { IntakeClient, IntakeNotAllowed } from '@keel/intake';
import { openSettlementWriter } from '@keel/redis';
import { adminServer, checkConfigIfAsked, createMetrics, runService, StartupFault } from '@keel/runtime';
import { loadConfig } from './config.ts';
import { startSettler } from './settler.ts';

checkConfigIfAsked('settler', loadConfig);
runService('settler', async ({ log, fail }) => {
  const config = loadConfig();
  const metrics = createMetrics('settler');
  const writer = await openSettlementWriter(config.redisUrl);
  const gate = new IntakeClient({ url: config.intakeUrls, token: config.intakeToken, role: 'settler', log });
  gate.ready().catch((fault: unknown) => {
    if (fault instanceof IntakeNotAllowed)
      fail(new StartupFault(`the sequencer refuses this settler: correct KEEL_INTAKE_TOKEN (${fault.message})`));
  });
  const settler = await startSettler({ config, gate, writer, metrics, log, fail });
  const admin = await adminServer({
    port: config.adminPort,
    host: config.adminHost,
    readyz: () => settler.reasons(),
    metrics,
  });
  log.info({ adminPort: admin.port }, 'admin server listens');
  return async () => {
    await settler.stop();
    await gate.close();
    await writer.close();
    await admin.close();
  };
});

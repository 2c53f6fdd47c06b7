import { keelDomain } from '@keel/signing';
import { AssertionError } from '@keel/types';
import { readCommandLine, type VerifyCommand } from '../commandLine.ts';
import { CommandLineFault } from '../commandLineFault.ts';
import { standingFolder } from '../config.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { Terminal } from '../terminal.ts';
import { explainCertificate } from './explainCertificate.ts';
import { type CertificateFile, readCertificate } from './readCertificate.ts';
import { type Verdict, verifyCertificate } from './verifyCertificate.ts';

/** keelctl certificate verify: asks nobody. */
export async function runCertificate(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { text, holds } = runVerification(readCommandLine(['certificate', ...args], standingFolder()) as VerifyCommand);
  terminal.write(text);
  return holds ? EXIT.fine : EXIT.notFine;
}

/** Carries out `keelctl certificate verify`; returns what goes to stdout. */
export function runVerification(command: VerifyCommand): { readonly text: string; readonly holds: boolean } {
  const read = readCertificate(command.file);
  const { chainId, contract } = domainOf(command, read);
  const { certificate, domain } = read;
  const verdict = verifyCertificate(certificate, keelDomain(chainId, contract), command.feeders);
  const agrees = domain === undefined || (domain.chainId === chainId && domain.verifyingContract === contract);
  const elsewhere = `domain: the file is of chain ${domain?.chainId}, contract ${domain?.verifyingContract}`;
  const faults = agrees ? verdict.faults : [elsewhere, ...verdict.faults];
  const holds = faults.length === 0;
  if (command.json) {
    const { certificateId, sequence, stage } = certificate;
    const signers = verdict.prices.map(({ feed, reports }) => ({
      feed: feed.name,
      feeders: reports.map(({ report, isSigned }) => ({ feeder: report.feeder, isSigned })),
    }));
    const told = { holds, faults, certificateId, sequence, stage, domain: { chainId, contract }, signers };
    return { text: `${JSON.stringify(told)}\n`, holds };
  }
  const lines = [...explain(read, verdict), '', ...(holds ? ['holds'] : faults.map((fault) => `FAULT ${fault}`))];
  return { text: `${lines.join('\n')}\n`, holds };
}

/** What the command line says goes before what the file says of itself. */
function domainOf({ chainId, contract }: VerifyCommand, { domain }: CertificateFile) {
  if (chainId !== undefined && contract !== undefined) return { chainId, contract };
  if (domain !== undefined) return { chainId: domain.chainId, contract: domain.verifyingContract };
  throw new CommandLineFault('the file does not say what its signatures are bound to: --chain-id N --contract 0x...');
}

/** A certificate with figures that nobody could have need not be readable. */
function explain({ certificate }: CertificateFile, verdict: Verdict): readonly string[] {
  try {
    return explainCertificate(certificate, verdict.prices);
  } catch (fault) {
    if (!(fault instanceof AssertionError || fault instanceof RangeError)) throw fault;
    return [`Certificate ${certificate.certificateId}: its figures cannot be told`];
  }
}

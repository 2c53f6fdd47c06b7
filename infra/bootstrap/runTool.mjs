import { spawn } from 'node:child_process';

/** Enough of a tool's output to find its reason in; the rest of a long log says nothing more. */
const KEPT_CHARACTERS = 64 * 1024;

/**
 * Runs a tool to its end and resolves with `{code, output}`; standard output and error are one text, as the order
 * between them is what makes a tool's last words readable. A tool that is not there has code 127.
 */
export function runTool(command, args, { cwd, env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-KEPT_CHARACTERS);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (fault) => resolve({ code: 127, output: `${output}${fault.message}\n` }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}ended by ${signal}\n` : output }),
    );
  });
}

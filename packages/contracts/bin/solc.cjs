#!/usr/bin/env node
// Lets forge compile with the compiler of the npm package `solc`, so that no build ever asks the network for one.
// forge calls exactly two things: `--version`, and `--standard-json` with the job on stdin.
const { readFileSync } = require('node:fs');
const solc = require('solc');

const args = process.argv.slice(2);
if (args.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (args.includes('--standard-json')) {
  const refuseImport = (path) => ({ error: `forge did not hand over ${path}` });
  process.stdout.write(`${solc.compile(readFileSync(0, 'utf8'), { import: refuseImport })}\n`);
} else {
  process.stderr.write('bin/solc.cjs answers only --version and --standard-json\n');
  process.exit(1);
}

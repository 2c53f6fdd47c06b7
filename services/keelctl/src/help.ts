import { POPULATION } from './population/populationTerms.ts';

export const HELP = `npm run -s keelctl -- COMMAND

What goes on
  status                     the whole exchange on one screen, the verdict first
  top                        the same, drawn anew every second; q or Ctrl-C ends it
  doctor [--data DIR]...     every check there is, a line each, and what to do
  leader show                who leads, and who led before: when, why, how long it took
  cluster list               the nodes, the members of the store, the log

What an operator does
  leader transfer [--to NODE]         hands over to another node, in order
  leader pause --reason TEXT          no more commands are taken, by whichever node leads
  leader resume                       and again
  cluster upgrade [--to N]            newer rules of the engine, once every node knows them
  snapshot create                     each node that is asked writes one now
  market list                         markets, their status and prices
  market halt|resume SYMBOL           or open, post-only, cancel-only; set SYMBOL STATUS is the same
  market feeders list                 whose price reports count
  market feeders set ADDRESS[:WEIGHT]...
  market allocate-fees SYMBOL insurance|backstop USDC

What can be looked at
  account show ADDRESS                from the engine's own state, not from Redis
  snapshot list|verify [--data DIR]   of nodes, or the files of a data directory
  log tail [--data DIR] [--from N] [--lines N] [--follow]   commands, one a line
  log verify --data DIR               checksums and hash chain of every record
    --signatures                      and every signed command: is it what its signer signed
    --chain-id N --contract 0x...     what signatures are bound to; else as the data directory says
  log export --data DIR [--from N] [--to M]                 commands as JSON, one a line
  replay --verify-roots --data DIR    all commands through the engine: roots, batches, invariants
    --l1 URL --settlement 0x...       also the hashes of the batches on L1
  config check [--service NAME] [--env FILE]                the settings a service would start with

  certificate verify FILE    recomputes one forced trade from its certificate alone
    --chain-id N --contract 0x...   what the price signatures are bound to; needed where FILE does not say it
    --feeder 0x...           a feeder of the exchange, once for each: only they, and a quorum of them, may have signed
  simulate                   what falling prices do to an exchange, with each damping and without
    --shock -5%..-50%        falls within a minute: a range (5, 10, 20, 30, 40 and 50 % as far as inside), or a list -5%,-12%
    --path FILE              a path of your own instead: lines "milliseconds,factor"
    --snapshot DIR|FILE      a sequencer's data folder or one snapshot file instead of a synthetic population
    --accounts N             traders of the population, ${POPULATION.accounts}
    --markets N              its markets, ${POPULATION.markets}
    --leverage 5-50          of its traders
    --depth USDC             on one side of each book within 1 % of the price, 2000000
    --seed N                 ${POPULATION.seed}
    --svg FILE               also a picture

Nodes
  --nodes URL,URL            admin ports of the sequencers; else KEEL_NODES, else http://127.0.0.1:7071
  --cluster local            those of npm run cluster
  --token-file FILE          the shared secret, for what changes something; else KEEL_INTAKE_TOKEN
Everywhere
  --json                     the result as JSON
  --help                     this text

Exit code
  0  as it should be, or done
  1  what was asked about is not as it should be, or what was asked for was refused
  2  asked wrongly: command line, setting or file; nothing was done
  3  nobody could be reached; nothing was done
  4  no answer in time; what was asked for may have been done
`;

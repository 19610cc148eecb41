import type { Bench, Comparison, Finding } from './finding.ts';
import { measureRounds } from './rounds.ts';
import { inScratchFolder } from './scratch.ts';
import { commandVariants, floor, floor24, floorVariants, nameOf } from './start-commands.ts';
import { type InstalledForms, installForms } from './start-forms.ts';
import { serverVariants, stages } from './start-servers.ts';

const rounds = 25;
const warmUpRounds = 2;

const commands = [['--version'], ['use', '--json']] as const;

function compareCommand(command: readonly string[]): Comparison[] {
  const of = (form: keyof InstalledForms) => nameOf(form, command);
  return [
    { of: of('bundle'), to: floor, aim: { atMost: 1.6 } },
    { of: of('installed'), to: floor, aim: { atMost: 1.6 } },
    { of: of('source'), to: floor, aim: { atMost: 2 } },
    { of: of('bundle'), to: of('published'), aim: { atMost: 0.4 } },
    { of: of('installed'), to: of('published'), aim: { atMost: 0.4 } },
    { of: of('published'), to: floor24 },
  ];
}

function compareServers(): Comparison[] {
  return stages.flatMap((stage) => [
    { of: `installed serve, ${stage}`, to: `bare Fastify, ${stage}` },
    { of: `source serve, ${stage}`, to: `bare Fastify, ${stage}` },
  ]);
}

async function measureIn(folder: string): Promise<Finding> {
  const forms = installForms(folder);
  const variants = [
    ...floorVariants(folder),
    ...commands.flatMap((command) => commandVariants(folder, forms, command)),
    ...serverVariants(folder, forms),
  ];
  const measured = await measureRounds(variants, { rounds, warmUpRounds });
  return {
    method:
      'Wall time from spawning to the end of the process, all on core 1, with a home that was empty before the warm-up. "bundle" is packages/cli/dist/latchkey.js run directly; "installed" is the package as npm lays it out (bin/latchkey.js, the bundle, no sources) and "source" is bin/latchkey.js in a clone, both with the compile cache that the command keeps for itself, warm; "published" is the codika command on Node 24, for which it is made. Servers: from spawning to the line that says where it listens, and to the answer of GET /healthz, on a data folder that exists; bare Fastify with one route and a warm compile cache.',
    unit: 'ms',
    measured,
    comparisons: [...commands.flatMap(compareCommand), ...compareServers()],
    facts: {},
    limits: [
      'Files are in the page cache: the first run after a reboot waits for the disk besides.',
      'Without a compile cache (the very first run, or a home that cannot be written) "source" is slower.',
      'Bare Fastify opens no database and reads no settings, so its figure is a floor and not a peer.',
      'A start that has to create its database and master key takes longer than the one measured.',
    ],
  };
}

/** Start-up of the command and of the server. */
export const start: Bench = {
  summary:
    'start-up of the command against node -e 0 and the published command; of the server against bare Fastify',
  run: () => inScratchFolder(measureIn),
};

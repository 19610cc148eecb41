import { parseArgs } from 'node:util';
import { pinSelf } from './child.ts';
import { dashboard } from './dashboard.ts';
import type { Bench } from './finding.ts';
import { forwardAuth } from './forward-auth.ts';
import { latency } from './latency.ts';
import { limits } from './limits.ts';
import { mint } from './mint.ts';
import { toJson, toSection, toText } from './report.ts';
import { writeSection } from './results-file.ts';
import { revocation } from './revocation.ts';
import { signatures } from './signatures.ts';
import { start } from './start.ts';
import { trigger } from './trigger.ts';
import { verify } from './verify.ts';

const benches: Readonly<Record<string, Bench>> = {
  dashboard,
  'forward-auth': forwardAuth,
  latency,
  limits,
  mint,
  revocation,
  signatures,
  start,
  trigger,
  verify,
};

/** Servers get core 0; the client, and whatever runs alone, this one. */
const clientCore = 1;

const usage = [
  'npm run bench -- NAME [--json] [--write]',
  '',
  ...Object.entries(benches).map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`),
  '',
  '--json prints everything that was measured, --write updates bench/RESULTS.md',
].join('\n');

function readArguments() {
  try {
    const options = { json: { type: 'boolean' }, write: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [name = '', ...more] = positionals;
    const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
    return bench === undefined || more.length > 0 ? undefined : { name, bench, ...values };
  } catch {
    return undefined;
  }
}

/** Settings of the shell steer neither the servers nor the host commands that are measured; where a peer is, they may say. */
function forgetSettings(): void {
  for (const name of Object.keys(process.env)) {
    if (/^LATCHKEY_(?!TEST_)/.test(name)) delete process.env[name];
  }
}

const asked = readArguments();
if (asked === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  forgetSettings();
  pinSelf(clientCore);
  const finding = await asked.bench.run();
  if (asked.json) {
    console.error(toText(finding));
    console.log(toJson(asked.name, finding));
  } else console.log(toText(finding));
  if (asked.write) writeSection(asked.name, toSection(asked.name, finding));
}

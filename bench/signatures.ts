import type { Bench, Comparison, Finding } from './finding.ts';
import { type Check, checksPerSecond } from './processor-time.ts';
import { type Measured, measureRounds, type Variant } from './rounds.ts';
import { libraryNames, ownNames, plainName, refusalName, signatureChecks } from './signature-checks.ts';

const rounds = 15;
const warmUpRounds = 4;

/** What the checks are measured at. */
const sizes = [
  { label: '1 KB', sizeBytes: 1_000 },
  { label: '10 KB', sizeBytes: 10_000 },
  { label: '100 KB', sizeBytes: 100_000 },
] as const;

const fastest = 'fastest of the four libraries';

function at(name: string, label: string): string {
  return `${name}, ${label}`;
}

/** Signs anew before each slice: a message that gets too old while others are measured would be refused. */
function variantOf(name: string, { label, sizeBytes }: (typeof sizes)[number]): Variant {
  let check: Check = () => false;
  return {
    async prepare() {
      const found = (await signatureChecks(sizeBytes, new Date()))[name];
      if (found === undefined) throw new Error(`there is no check ${name}`);
      check = found;
    },
    measure: async () => ({
      [at(name, label)]: await checksPerSecond(check, { accepted: name !== refusalName }),
    }),
  };
}

/** Adds, for each size and round, whichever library was the fastest in it. */
function withFastest(measured: Measured): Measured {
  const values: Record<string, readonly number[]> = { ...measured.values };
  for (const { label } of sizes) {
    const ofLibraries = libraryNames.map((name) => measured.values[at(name, label)] ?? []);
    values[at(fastest, label)] = (ofLibraries[0] ?? []).map((_, round) =>
      Math.max(...ofLibraries.map((each) => each[round] ?? Number.NaN)),
    );
  }
  return { ...measured, values };
}

function compareAt(label: string): Comparison[] {
  const own = ownNames[0];
  const overStandard = { of: at(own, label), to: at('standardwebhooks', label) };
  return [
    ...ownNames.map((name) => ({ of: at(name, label), to: at(fastest, label), aim: { atLeast: 0.9 } })),
    label === '1 KB' ? { ...overStandard, aim: { atLeast: 4 } } : overStandard,
    { of: at('Latchkey, Stripe', label), to: at('stripe', label) },
    { of: at(refusalName, label), to: at(own, label), aim: { atLeast: 0.9 } },
    { of: at(own, label), to: at(plainName, label) },
  ];
}

async function run(): Promise<Finding> {
  const names = [...libraryNames, ...ownNames, refusalName, plainName];
  const variants = sizes.flatMap((size) => names.map((name) => variantOf(name, size)));
  const measured = withFastest(await measureRounds(variants, { rounds, warmUpRounds }));
  return {
    method: `Checks of right signatures, and of a wrong one, over JSON bodies of three sizes, in one process held to core 1, per second of its processor time; each library checks what it signed. Latchkey reads the headers from an object of ordinary size, checks the exact bytes against one stored secret, looks at the clock and says which message it is; it parses nothing. standardwebhooks is told not to parse, svix does not, stripe always does. @octokit/webhooks-methods takes a string, which is made before and is not measured.`,
    unit: 'per second',
    measured,
    comparisons: sizes.flatMap(({ label }) => compareAt(label)),
    facts: {},
    limits: [
      '"Fastest" is taken in each round anew, so that a lucky slice of any library counts for it.',
      'The libraries keep their secrets as text or bytes and read one header each; Latchkey looks for the headers of every provider.',
      'A refusal is measured without the search for its cause, which is made at most once for a request and stops by a budget.',
      'The plain HMAC reads no headers and no clock: it is what a check cannot do without.',
    ],
  };
}

/** Checks of webhook signatures, against the libraries of the providers. */
export const signatures: Bench = {
  summary: 'checks of webhook signatures at 1, 10 and 100 KB against the four libraries',
  run,
};

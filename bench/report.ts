import { type Aim, boundsOf, type Finding, type Held, type Ratio, ratiosOf } from './finding.ts';
import { machineFacts, versionFacts } from './machine.ts';
import { type Quartiles, quartilesOf } from './statistics.ts';

type Row = readonly string[];

/** A Markdown table whose columns also stand in line as plain text. */
function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: Row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function describeAim(aim: Aim): string {
  return 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
}

function describeRatio({ of, to, ratio, aim, reached }: Ratio): Row {
  const verdict = aim === undefined ? '' : `${describeAim(aim)}: ${reached ? 'reached' : 'missed'}`;
  return [of, to, ratio.median.toFixed(2), spread(ratio, 2), verdict];
}

function describeBound({ of, over, value, atMost, reached }: Held): Row {
  return [of, over, value.toFixed(1), `≤ ${atMost}: ${reached ? 'reached' : 'missed'}`];
}

/** What the finding has of ratios and of values with an aim of their own. */
function resultTables(finding: Finding): string[] {
  const ratios = ratiosOf(finding).map(describeRatio);
  const bounds = boundsOf(finding).map(describeBound);
  return [
    ...(bounds.length === 0 ? [] : [table(['of', 'over the rounds', finding.unit, 'aim'], bounds)]),
    ...(ratios.length === 0 ? [] : [table(['of', 'to', 'ratio', 'quartiles', 'aim'], ratios)]),
  ];
}

function spread({ lower, upper }: Quartiles, decimals: number): string {
  return `${lower.toFixed(decimals)} to ${upper.toFixed(decimals)}`;
}

function describeValues(name: string, values: readonly number[], decimals: number): Row {
  const quartiles = quartilesOf(values);
  return [name, quartiles.median.toFixed(decimals), spread(quartiles, decimals)];
}

function describeRounds({ measured: { foreignCores, dropped } }: Finding): string {
  const known = foreignCores.filter((cores) => cores !== undefined);
  const load =
    known.length === 0 ? 'unknown' : `${Math.max(...known).toFixed(2)} of a core in the worst of them`;
  return `Rounds: ${foreignCores.length}; other processes used ${load}; ${dropped} rounds with more were left out.`;
}

/** The tables of a finding: ratios first, absolute values beside them as context. */
export function toText(finding: Finding): string {
  const { unit, measured, facts } = finding;
  const decimals = unit === 'ms' ? 1 : 0;
  const values = Object.entries(measured.values).map(([name, each]) => describeValues(name, each, decimals));
  return [
    ...resultTables(finding),
    table([`context, ${unit}`, 'median', 'quartiles'], values),
    describeRounds(finding),
    ...Object.entries(facts).map(([name, fact]) => `${name}: ${fact}.`),
  ].join('\n\n');
}

/** Everything that was measured, for a program to read. */
export function toJson(name: string, finding: Finding): string {
  const facts = { ...machineFacts(), ...versionFacts(), ...finding.facts };
  const report = {
    name,
    date: new Date().toISOString(),
    unit: finding.unit,
    facts,
    ratios: ratiosOf(finding),
    bounds: boundsOf(finding),
  };
  return JSON.stringify({ ...report, measured: finding.measured, limits: finding.limits }, null, 2);
}

/** A section for RESULTS.md: the tables with all that a reader needs to judge or repeat them. */
export function toSection(name: string, finding: Finding): string {
  const facts = Object.entries({ ...machineFacts(), ...versionFacts() }).map(
    ([what, fact]) => `${what} ${fact}`,
  );
  return [
    `## ${name}`,
    finding.method,
    toText(finding),
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${facts.join('; ')}.`,
    `Repeat: \`npm run bench -- ${name} --write\`.`,
    `Limits:\n\n${finding.limits.map((limit) => `- ${limit}`).join('\n')}`,
  ].join('\n\n');
}

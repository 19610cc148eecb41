import { isDeepStrictEqual } from 'node:util';
import { exampleErrorEnvelope } from '../packages/protocol/src/error-examples.ts';
import { type ErrorCode, errors } from '../packages/protocol/src/errors.ts';
import type { Operation } from '../packages/protocol/src/operation.ts';
import { operations } from '../packages/protocol/src/operations/index.ts';
import { isTest, readFiles, report, type SourceFile } from './source-files.ts';

const folder = 'docs/errors';
const readme = `${folder}/README.md`;

/** What the check reads; `pages` are all files of docs/errors, `sources` those of the server. */
export interface ErrorFiles {
  readonly pages: readonly SourceFile[];
  readonly sources: readonly SourceFile[];
}

/** The name of the page of a code: `OTP_EXPIRED` is `otp-expired.md`. */
export function pageName(code: string): string {
  return `${code.toLowerCase().replaceAll('_', '-')}.md`;
}

/** The first JSON block of a page, or undefined where there is none that parses. */
function exampleOf(page: string): unknown {
  try {
    return JSON.parse(/^```json\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '');
  } catch {
    return undefined;
  }
}

function deadLinks(page: string, pages: readonly SourceFile[]): string[] {
  const linked = [...page.matchAll(/\]\(([^):#]+\.md)\)/g)].flatMap((match) => match[1] ?? []);
  return linked.filter((name) => !pages.some(({ path }) => path === `${folder}/${name}`));
}

function pageFaults(code: ErrorCode, pages: readonly SourceFile[]): string[] {
  const page = pages.find(({ path }) => path === `${folder}/${pageName(code)}`)?.text;
  if (page === undefined) return [`${code} has no page ${folder}/${pageName(code)}`];
  const faults: string[] = [];
  if (!page.startsWith(`# \`${code}\`\n`)) faults.push(`the page of ${code} does not start with its name`);
  if (!page.includes(`\nStatus ${errors[code].status}:`))
    faults.push(`the page of ${code} states another status`);
  if (!isDeepStrictEqual(exampleOf(page), exampleErrorEnvelope(code))) {
    faults.push(`the example of ${code} is not what the server answers`);
  }
  return [
    ...faults,
    ...deadLinks(page, pages).map((name) => `the page of ${code} links to ${name}, which is not there`),
  ];
}

/** What the operation table names in place of a general error; one place throws all of these. */
function namedInTable({ access, fieldErrors = {} }: Operation): (ErrorCode | undefined)[] {
  const ofFields = Object.values(fieldErrors).flatMap(({ missing, invalid }) => [missing, invalid]);
  return access.kind !== 'key' ? ofFields : [...ofFields, access.refusal, access.unauthenticated];
}

const namedCodes = new Set(Object.values<Operation>(operations).flatMap(namedInTable));

function isThrown(code: ErrorCode, sources: readonly SourceFile[]): boolean {
  if (namedCodes.has(code)) return true;
  return sources.some(({ path, text }) => !isTest(path) && text.includes(`'${code}'`));
}

function isListed(code: ErrorCode, pages: readonly SourceFile[]): boolean {
  const table = pages.find(({ path }) => path === readme)?.text ?? '';
  return table.includes(`\n| [\`${code}\`](${pageName(code)}) | ${errors[code].status} |`);
}

/** Every error code that is not documented, listed and thrown, and every page that belongs to no code. */
export function checkErrors({ pages, sources }: ErrorFiles): string[] {
  if (pages.length === 0) return [`saw no page in ${folder}`];
  if (sources.length === 0) return ['saw no source file of the server'];
  const codes = Object.keys(errors) as ErrorCode[];
  const expected = new Set([readme, ...codes.map((code) => `${folder}/${pageName(code)}`)]);
  return [
    ...codes.flatMap((code) => pageFaults(code, pages)),
    ...pages.filter(({ path }) => !expected.has(path)).map(({ path }) => `${path} belongs to no code`),
    ...codes.filter((code) => !isListed(code, pages)).map((code) => `${code} is not listed in ${readme}`),
    ...codes.filter((code) => !isThrown(code, sources)).map((code) => `${code} is thrown nowhere`),
  ];
}

if (import.meta.main) {
  const root = `${import.meta.dirname}/..`;
  const pages = readFiles(root, `${folder}/*.md`);
  const sources = readFiles(root, 'packages/server/src/**/*.ts');
  report('check-errors', checkErrors({ pages, sources }));
  console.log(`check-errors: read ${pages.length} pages and ${sources.length} source files`);
}

import { expect, it } from 'vitest';
import { type ErrorCode, errors } from '../packages/protocol/src/errors.ts';
import { checkErrors, pageName } from './check-errors.ts';
import { readFiles, type SourceFile } from './source-files.ts';

const pages = readFiles(`${import.meta.dirname}/..`, 'docs/errors/*.md');
const codes = Object.keys(errors) as ErrorCode[];
const throwing: SourceFile = {
  path: 'packages/server/src/a.ts',
  text: codes.map((code) => `throw new LatchkeyError('${code}');`).join('\n'),
};

function withPage(name: string, change: (text: string) => string): SourceFile[] {
  return pages.map((page) =>
    page.path === `docs/errors/${name}` ? { ...page, text: change(page.text) } : page,
  );
}

it('finds nothing wrong with the pages of this repository', () => {
  expect(checkErrors({ pages, sources: [throwing] })).toEqual([]);
});

it('fails when it saw no page or no source file', () => {
  expect(checkErrors({ pages: [], sources: [throwing] })).toEqual(['saw no page in docs/errors']);
  expect(checkErrors({ pages, sources: [] })).toEqual(['saw no source file of the server']);
});

it('names a code without a page, and the pages that link to it', () => {
  const rest = pages.filter(({ path }) => path !== 'docs/errors/otp-expired.md');
  const faults = checkErrors({ pages: rest, sources: [throwing] });
  expect(faults).toContain('OTP_EXPIRED has no page docs/errors/otp-expired.md');
  expect(faults).toContain('the page of OTP_INVALID links to otp-expired.md, which is not there');
});

it('names a page without a code', () => {
  const extra = { path: 'docs/errors/otp-stale.md', text: '# `OTP_STALE`\n' };
  expect(checkErrors({ pages: [...pages, extra], sources: [throwing] })).toEqual([
    'docs/errors/otp-stale.md belongs to no code',
  ]);
});

it('names a code that nothing throws, and does not count a test as throwing', () => {
  const text = throwing.text.replace("'OTP_EXPIRED'", "'OTP_STALE'");
  const test = { path: 'packages/server/src/a.test.ts', text: "'OTP_EXPIRED'" };
  expect(checkErrors({ pages, sources: [{ ...throwing, text }, test] })).toEqual([
    'OTP_EXPIRED is thrown nowhere',
  ]);
});

it.each(codes)('names %s when the table does not list it with its status', (code) => {
  const row = `| [\`${code}\`](${pageName(code)}) | `;
  const changed = withPage('README.md', (text) => text.replace(row, '| other | '));
  expect(checkErrors({ pages: changed, sources: [throwing] })).toEqual([
    `${code} is not listed in docs/errors/README.md`,
  ]);
});

it('names a page whose title, status or example is not that of its code', () => {
  const faultsAfter = (from: string, to: string) =>
    checkErrors({ pages: withPage('otp-expired.md', (text) => text.replace(from, to)), sources: [throwing] });
  expect(faultsAfter('# `OTP_EXPIRED`', '# Expired')).toEqual([
    'the page of OTP_EXPIRED does not start with its name',
  ]);
  expect(faultsAfter('Status 410', 'Status 404')).toEqual(['the page of OTP_EXPIRED states another status']);
  const notAnswered = ['the example of OTP_EXPIRED is not what the server answers'];
  expect(faultsAfter('The code is older than 10 minutes."', 'The code is old."')).toEqual(notAnswered);
  expect(faultsAfter('```json', '```')).toEqual(notAnswered);
});

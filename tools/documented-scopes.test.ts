import { expect, it } from 'vitest';
import { allScopes, isScope } from '../packages/protocol/src/permissions.ts';
import { isTest, readFiles, type SourceFile } from './source-files.ts';

const root = `${import.meta.dirname}/..`;
const globs = ['{docs/**,examples/**,packages/sdk}/*.md', 'README.md', 'packages/sdk/src/**/*.ts'];

/** What scopes that exist end with, and others might. */
const others = ['write', 'update', 'delete', 'list', 'admin'];
const verbs = [...allScopes.map((scope) => scope.split(':')[1]), ...others];
const looksLikeScope = new RegExp(`(?<![\\w:/-])[a-z][a-z-]*:(?:${verbs.join('|')})(?![\\w:-])`, 'g');
/** Where scopes are listed, whatever they look like: in code and JSON, on a command line, in a URL. */
const lists = [
  /\b(?:allScopes|anyScope|scopes)"?\s*[:=]\s*\[(?!\.\.\.)([^\]]*)\]/g,
  /--scopes[ =]([\w:,-]+)/g,
  /[?&](?:any_)?scope=([\w:-]+)/g,
];

function scopesIn({ text }: SourceFile): string[] {
  const listed = lists.flatMap((list) => [...text.matchAll(list)].map(([, inside = '']) => inside));
  const named = listed.flatMap((inside) => inside.match(/[\w:-]+/g) ?? []);
  return [...named, ...(text.match(looksLikeScope) ?? [])];
}

/** What the page of the error shows is the error. */
const isShownAsWrong = ({ path }: SourceFile) => path === 'docs/errors/invalid-scope.md';

it('every scope that the documents, the SDK and its examples name can be given', () => {
  const files = globs.flatMap((glob) => readFiles(root, glob)).filter(({ path }) => !isTest(path));
  const found = files
    .filter((file) => !isShownAsWrong(file))
    .flatMap((file) => scopesIn(file).map((scope) => ({ path: file.path, scope })));
  expect(found.length).toBeGreaterThan(30);
  expect(found.filter(({ scope }) => !isScope(scope))).toEqual([]);
});

it.each([
  "verify(key, { allScopes: ['orders/read'] })",
  'a key with the scope `orders:read`',
  '{"scopes": ["workflows:trigger", "everything"]}',
  'latchkey key create --scopes workflows:trigger,orders:write',
  '/v1/forward-auth?audience=x&scope=reports',
])('one that cannot would be seen in %s', (text) => {
  expect(scopesIn({ path: '', text }).every(isScope)).toBe(false);
});

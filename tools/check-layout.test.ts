import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { checkLayout } from './check-layout.ts';
import { readFiles } from './source-files.ts';

const server = 'packages/server/src';

function check(path: string, text: string): string[] {
  return checkLayout([{ path, text }]);
}

it('fails when it saw no file', () => {
  expect(checkLayout([])).toEqual(['saw no file']);
});

it.each([
  ['packages/keys/src/a.ts', "import { errors } from '@latchkey/protocol';", 'keys may not import protocol'],
  ['packages/keys/src/a.ts', "import { z } from 'zod';", 'keys may not depend on zod'],
  ['packages/protocol/src/a.ts', "import pino from 'pino';", 'protocol may not depend on pino'],
  ['packages/protocol/src/a.ts', "export * from '@latchkey/sdk';", 'protocol may not import sdk'],
  ['packages/sdk/src/a.ts', "import '@latchkey/server';", 'sdk may not import server'],
  ['packages/sdk/src/a.ts', "import type { A } from '@latchkey/server/app';", 'sdk may not import server'],
  ['packages/dashboard/src/a.tsx', "import { b } from '@latchkey/cli';", 'dashboard may not import cli'],
  ['packages/server/src/app.ts', "import { b } from '@latchkey/sdk';", 'server may not import sdk'],
  ['packages/server/src/app.ts', "import { b } from '@latchkey/testkit';", 'server may not import testkit'],
  ['packages/cli/src/a.ts', "const b = await import('@latchkey/server');", 'cli may not import server'],
  ['packages/cli/src/commands/serve.ts', "import { b } from '@latchkey/server';", 'before it is needed'],
  ['packages/cli/src/a.ts', "import { b } from '../../keys/src/b.ts';", 'reaches keys by a path'],
  ['packages/extra/src/a.ts', '', 'a package without a direction'],
])('names the package back-edge in %s: %s', (path, text, fault) => {
  expect(check(path, text)).toEqual([expect.stringContaining(`${path} `)]);
  expect(check(path, text)[0]).toContain(fault);
});

it.each([
  ['platform/a.ts', '../storage/store.ts', 'is in platform and may not import storage'],
  ['storage/a.ts', '../domains/keys/index.ts', 'is in storage and may not import domains'],
  ['storage/a.ts', '../engines/n8n/index.ts', 'is in storage and may not import engines'],
  ['domains/keys/a.ts', '../../http/envelope.ts', 'is in domains and may not import http'],
  ['domains/keys/a.ts', '../../settings.ts', 'is in domains and may not import settings'],
  ['http/routes.ts', '../app.ts', 'is in http and may not import app'],
  ['deps.ts', './app.ts', 'is in deps and may not import app'],
  ['app.ts', './main.ts', 'is in app and may not import main'],
  ['domains/keys/a.ts', '../otp/redeem.ts', 'reaches into the domain otp'],
  ['domains/keys/a.ts', 'fastify', 'only http/ and app.ts may import fastify'],
  ['deps.ts', '@fastify/helmet', 'only http/ and app.ts may import @fastify/helmet'],
  ['main.ts', '@scalar/fastify-api-reference', 'only http/ and app.ts'],
  ['domains/keys/create.ts', 'kysely', 'only *.sql.ts and storage/ may import kysely'],
  ['http/routes.ts', './routes.test.ts', 'may not import the test'],
])('names the back-edge of the server from %s to %s', (file, specifier, fault) => {
  expect(check(`${server}/${file}`, `import { x } from '${specifier}';`)[0]).toContain(fault);
});

it('sees an import that spans lines, a re-export, a type and a dynamic import', () => {
  const path = `${server}/storage/a.ts`;
  const target = "'../http/a.ts'";
  for (const text of [
    `import {\n  a,\n  type B,\n} from ${target};`,
    `export { a } from ${target};`,
    `export * as a from ${target};`,
    `import type { A } from ${target};`,
    `import ${target};`,
    `const a = await import(${target});`,
  ]) {
    expect(check(path, text), text).toEqual([`${path} is in storage and may not import http (../http/a.ts)`]);
  }
});

it.each([
  'domains/keys/create.ts',
  'http/routes.ts',
  'deps.ts',
])('names SQL outside its files in %s', (file) => {
  for (const word of ['selectFrom', 'insertInto', 'updateTable', 'deleteFrom']) {
    expect(check(`${server}/${file}`, `await db.${word}('keys').execute();`)[0]).toContain(
      `holds SQL (${word})`,
    );
  }
});

it.each(['utils', 'util', 'helpers', 'helper', 'common', 'misc'])('names the drawer %s', (name) => {
  expect(check(`packages/sdk/src/${name}.ts`, '')[0]).toContain('is a drawer');
  expect(check(`packages/sdk/src/${name}/retry.ts`, '')[0]).toContain('is a drawer');
});

it('names a source file over 350 lines, but not a test', () => {
  const lines = (count: number) => 'const a = 1;\n'.repeat(count);
  expect(check('packages/sdk/src/a.ts', lines(350))).toEqual([]);
  expect(check('packages/sdk/src/a.ts', lines(351))[0]).toContain('has 351 lines');
  expect(check('packages/sdk/src/a.test.ts', lines(351))).toEqual([]);
});

it('names a folder that is no room of the server', () => {
  expect(check(`${server}/controllers/a.ts`, '')[0]).toContain('which is no room');
});

it.each([
  ['packages/protocol/src/a.ts', "import { a } from '@latchkey/keys';\nimport { z } from 'zod';"],
  ['packages/keys/src/a.ts', "import { createHash } from 'node:crypto';"],
  ['packages/cli/src/commands/serve.ts', "const { b } = await import('@latchkey/server');"],
  ['packages/cli/src/commands/admin/create-key.ts', "const { b } = await import('@latchkey/server');"],
  [`${server}/domains/keys/create.ts`, "import { a } from '../otp/index.ts';\nimport { b } from './b.ts';"],
  [`${server}/domains/keys/keys.sql.ts`, "import { sql } from 'kysely';\ndb.selectFrom('keys');"],
  [`${server}/storage/tables.ts`, "import type { Generated } from 'kysely';"],
  [
    `${server}/http/routes.ts`,
    "import Fastify from 'fastify';\nimport { a } from '../domains/keys/index.ts';",
  ],
  [`${server}/app.ts`, "import Fastify from 'fastify';\nimport { a } from './http/routes.ts';"],
  [`${server}/domains/keys/create.test.ts`, "import { a } from '@latchkey/testkit';\ndb.selectFrom('keys');"],
  ['packages/keys/src/arbitrary-keys.ts', "import fc from 'fast-check';"],
])('accepts what is in its place: %s', (path, text) => {
  expect(check(path, text)).toEqual([]);
});

it('does not take prose for code', () => {
  const text =
    "/** Not `selectFrom('x')`.\n * import { a } from '../http/a.ts';\n */\n// await import('fastify')\n";
  expect(check(`${server}/storage/a.ts`, text)).toEqual([]);
});

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

it('reads every source file of a tree and nothing that is installed', () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-layout-'));
  for (const path of ['a/src/x/deep.ts', 'a/src/page.tsx', 'a/src/data.json', 'a/src/node_modules/b.ts']) {
    const file = join(folder, 'packages', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'x');
  }
  expect(readFiles(folder, 'packages/*/src/**/*.{ts,tsx}')).toEqual([
    { path: 'packages/a/src/page.tsx', text: 'x' },
    { path: 'packages/a/src/x/deep.ts', text: 'x' },
  ]);
});

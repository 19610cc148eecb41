import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type ServerProcess, startServer } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sdkEntries, sizeBytesOf } from './build-sdk.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'packages/sdk/README.md'), 'utf8');
let folder: string;
/** The repository again: packing changes the manifest for a moment, which others are reading here. */
let copy: string;
/** Where the package was installed, and nothing else. */
let user: string;

function copyRepository(): void {
  for (const path of ['packages/keys', 'packages/protocol', 'packages/sdk', 'tools']) {
    cpSync(join(root, path), join(copy, path), {
      recursive: true,
      filter: (file) => !['node_modules', 'dist'].includes(basename(file)),
    });
  }
  for (const file of ['tsconfig.check.json', 'LICENSE']) cpSync(join(root, file), join(copy, file));
  mkdirSync(join(copy, 'node_modules/@latchkey'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')).filter((each) => each !== '@latchkey')) {
    symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  for (const name of ['keys', 'protocol', 'sdk']) {
    symlinkSync(join(copy, 'packages', name), join(copy, 'node_modules/@latchkey', name));
  }
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function filesOf(place: string): string[] {
  return globSync('**/*.*', { cwd: place }).sort();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-sdk-'));
  [copy, user] = [join(folder, 'copy'), join(folder, 'user')];
  copyRepository();
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{"type":"module","private":true}');
  run('npm', ['pack', '--pack-destination', folder], join(copy, 'packages/sdk'));
  const packed = globSync('*.tgz', { cwd: folder }).map((file) => join(folder, file));
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...packed], user);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The blocks of the README that need nothing but the package. */
function examples(): string[] {
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  return blocks.filter((code) =>
    [...code.matchAll(/ from '([^']+)'/g)].every(([, id]) => /^@latchkey\/sdk/.test(id ?? '')),
  );
}

const consumer = `
import { type Answer, type Client, createClient, TransportError } from '@latchkey/sdk';

const client: Client = createClient({ baseUrl: process.argv[2] ?? '' });
const requested = await client.call('otp.requestSignup', { email: 'you@example.com' });
const seconds: number = requested.success ? requested.data.expiresInSeconds : 0;
const refused = await client.call('keys.whoami', {});
const code: string = refused.success ? refused.data.type : refused.error.code;
if (!refused.success && refused.error.code === 'OTP_EXPIRED') throw new Error(refused.error.message);

type Listed = Extract<Answer<unknown>, { success: true }>['data'];
const unknownData: Listed = seconds;

export async function wrong(): Promise<void> {
  // @ts-expect-error There is no such operation.
  await client.call('keys.nonsense', {});
  // @ts-expect-error An address is missing.
  await client.call('otp.requestSignup', {});
  // @ts-expect-error There is no such field in the answer.
  if (requested.success) requested.data.secret;
  // @ts-expect-error Nobody has such a state.
  await client.call('keys.listOfOrganization', { organizationId: 'o1', state: 'broken' });
}

const nobody = createClient({ baseUrl: 'http://127.0.0.1:1', maxRetries: 0 }).call('keys.whoami', {});
const transport = await nobody.catch((error: unknown) => error);
console.log(JSON.stringify({ seconds, code, unknownData, transport: transport instanceof TransportError }));
`;

function writeConsumer(): void {
  writeFileSync(join(user, 'consumer.ts'), consumer);
  const process = 'declare const process: { argv: string[]; env: Record<string, string | undefined> };';
  writeFileSync(join(user, 'globals.d.ts'), process);
  for (const [index, example] of examples().entries()) {
    writeFileSync(join(user, `example-${index}.ts`), example);
  }
}

describe('the packed package', () => {
  it('holds what is built and nothing that has to be installed beside it', () => {
    const place = join(user, 'node_modules/@latchkey/sdk');
    expect(readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      '@latchkey',
    ]);
    expect(readdirSync(place).sort()).toEqual(['README.md', 'dist', 'package.json']);
    const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'private', 'scripts']) {
      expect(manifest).not.toHaveProperty(field);
    }
    const peers = Object.keys(manifest.peerDependencies ?? {});
    expect(peers.filter((name) => manifest.peerDependenciesMeta?.[name]?.optional !== true)).toEqual([]);
    for (const { types, default: module } of Object.values<Record<string, string>>(manifest.exports)) {
      expect(filesOf(place)).toEqual(expect.arrayContaining([types?.slice(2), module?.slice(2)]));
    }
    for (const file of filesOf(join(place, 'dist')).filter((each) => each !== 'LICENSE')) {
      const text = readFileSync(join(place, 'dist', file), 'utf8');
      const asked = [...text.matchAll(/(?:from|import)\s*\(?['"]([^'"]+)['"]/g)].map(([, id]) => id);
      const foreign = asked.filter((id = '') => !/^(\.{1,2}\/.*\.js|node:.*)$/.test(id));
      // What a framework declares is there where it is used; nothing of it is loaded.
      const there = file.endsWith('.d.ts') ? peers : [];
      expect(foreign.filter((id = '') => !there.includes(id))).toEqual([]);
    }
  });

  it('leaves the manifest of the sources as it was', () => {
    const [packed, source] = [copy, root].map((place) =>
      readFileSync(join(place, 'packages/sdk/package.json'), 'utf8'),
    );
    expect(packed).toBe(source);
    expect(readdirSync(join(copy, 'packages/sdk'))).not.toContain('package.source.json');
  });

  it.each([
    'nodenext',
    'bundler',
  ])('compiles strictly with %s, and the examples of the README too', (resolution) => {
    writeConsumer();
    const project = {
      compilerOptions: {
        target: 'es2022',
        lib: ['es2022', 'dom'],
        types: [],
        module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
        moduleResolution: resolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
      },
      include: ['*.ts'],
    };
    writeFileSync(join(user, `tsconfig.${resolution}.json`), JSON.stringify(project));
    expect(examples().length).toBeGreaterThan(1);
    run(join(root, 'node_modules/.bin/tsc'), ['-p', `tsconfig.${resolution}.json`], user);
  });

  describe('against a server', () => {
    let server: ServerProcess;
    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.stop());

    it.each([
      ['this Node', process.execPath],
      ['Node 24', join(root, 'node_modules/node24/bin/node')],
    ])('runs on %s', (_name, node) => {
      writeConsumer();
      const said = JSON.parse(run(node, ['consumer.ts', server.baseUrl], user));
      expect(said).toMatchObject({ code: 'UNAUTHORIZED', transport: true });
    });
  });
});

describe.each(sdkEntries())('$subpath', (entry) => {
  it('costs what the README says, which is no more than a tenth above it', async () => {
    const name = `@latchkey/sdk${entry.subpath.slice(1)}`;
    const stated = new RegExp(`^\\| \`${name}\` \\| ([\\d.]+) \\|$`, 'm').exec(readme)?.[1];
    const size = (await sizeBytesOf(entry)) / 1000;
    expect(size).toBeLessThanOrEqual(Number(stated));
    expect(size).toBeGreaterThan(Number(stated) * 0.9);
  });
});

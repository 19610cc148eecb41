import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findChromium } from '../packages/testkit/src/chromium.ts';
import { findPostgresBinaries } from '../packages/testkit/src/postgres-binaries.ts';
import { findCaddy, findNginx } from '../packages/testkit/src/proxy-programs.ts';

const oldestNode = 24;

function fail(problem: string, remedy: string): never {
  process.stderr.write(`${problem}\n${remedy}\n`);
  process.exit(1);
}

function run(command: string, args: readonly string[], cwd?: string): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { cwd, env, stdio: ['ignore', 2, 2] }).status === 0;
}

function checkNode(): void {
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return;
  fail(
    `Latchkey needs Node ${oldestNode} or newer; this is ${process.versions.node}.`,
    'Run the tests by `npm test` after `npm ci`, which brings the right one on Linux; elsewhere install it.',
  );
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** What the tests need of the machine. A missing one is a failure, never a skip. */
interface Peer {
  readonly name: string;
  /** The Debian package that brings it. */
  readonly debianPackage: string;
  /** The variable that says where it is, and what that has to name. */
  readonly variable: string;
  readonly holds: string;
  readonly missing: string;
  readonly remedy: string;
  find(): string | undefined;
}

const peers: readonly Peer[] = [
  {
    name: 'PostgreSQL',
    debianPackage: 'postgresql',
    variable: 'LATCHKEY_TEST_PG_BIN',
    holds: 'the folder of the PostgreSQL server programs',
    missing: 'The tests need the PostgreSQL server programs (initdb, postgres), and none were found.',
    remedy: 'Install PostgreSQL 15 or newer',
    find: findPostgresBinaries,
  },
  {
    name: 'Chromium',
    debianPackage: 'chromium',
    variable: 'LATCHKEY_TEST_CHROMIUM',
    holds: 'the program of Chromium or Chrome',
    missing: 'The tests need Chromium, and none was found on PATH.',
    remedy: 'Install Chromium or Chrome',
    find: findChromium,
  },
  {
    name: 'nginx',
    debianPackage: 'nginx-light',
    variable: 'LATCHKEY_TEST_NGINX',
    holds: 'the program of nginx',
    missing: 'The tests need nginx, and none was found on PATH or in /usr/sbin.',
    remedy: 'Install nginx with its auth_request module',
    find: findNginx,
  },
  {
    name: 'Caddy',
    debianPackage: 'caddy',
    variable: 'LATCHKEY_TEST_CADDY',
    holds: 'the program of Caddy',
    missing: 'The tests need Caddy, and none was found on PATH.',
    remedy: 'Install Caddy 2.6 or newer',
    find: findCaddy,
  },
];

function prepare(peer: Peer): void {
  if (peer.find() !== undefined) return;
  const named = process.env[peer.variable];
  if (named) fail(`${peer.variable} is ${named}, which is not ${peer.holds}.`, 'Name that, or unset it.');
  if (canInstall()) {
    process.stderr.write(`${peer.name} is missing and the tests need it: installing it with apt-get.\n`);
    const installed =
      run('apt-get', ['update']) &&
      run('apt-get', ['install', '-y', '--no-install-recommends', peer.debianPackage]) &&
      peer.find() !== undefined;
    if (installed) return;
  }
  fail(peer.missing, `${peer.remedy}, or set ${peer.variable} to ${peer.holds}.`);
}

const projectRoot = join(import.meta.dirname, '..');

/** When a file was last written; 0 of one that is not there. */
function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** What npm writes as the last of an installation is older than its lock when the lock has been changed since. */
function isInstalled(folder: string): boolean {
  const lock = writtenAt(join(folder, 'package-lock.json'));
  return writtenAt(join(folder, 'node_modules/.package-lock.json')) >= lock;
}

/** The examples are no workspaces: each is installed as somebody would who has copied it. */
function installExample(folder: string): void {
  if (isInstalled(folder)) return;
  process.stderr.write(`Installing ${folder}, which the tests build and start.\n`);
  if (run('npm', ['ci', '--no-audit', '--no-fund'], folder)) return;
  fail(
    `npm ci failed in ${folder}.`,
    'Its reason stands above; the tests need nothing but the npm registry.',
  );
}

checkNode();
for (const peer of peers) prepare(peer);
for (const manifest of globSync('examples/*/package.json', { cwd: projectRoot })) {
  installExample(join(projectRoot, dirname(manifest)));
}

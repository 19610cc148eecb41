import { spawnSync } from 'node:child_process';
import { findChromium } from '../packages/testkit/src/chromium.ts';
import { findPostgresBinaries } from '../packages/testkit/src/postgres-binaries.ts';

const oldestNode = 24;

function fail(problem: string, remedy: string): never {
  process.stderr.write(`${problem}\n${remedy}\n`);
  process.exit(1);
}

function run(command: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { env, stdio: ['ignore', 2, 2] }).status === 0;
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

checkNode();
for (const peer of peers) prepare(peer);

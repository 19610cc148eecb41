import { spawnSync } from 'node:child_process';
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

/** Tests run against a real PostgreSQL; a missing one is a failure, never a skip. */
function preparePostgres(): void {
  if (findPostgresBinaries() !== undefined) return;
  const named = process.env.LATCHKEY_TEST_PG_BIN;
  if (named) {
    fail(
      `LATCHKEY_TEST_PG_BIN is ${named}, which does not hold initdb and postgres.`,
      'Name the folder of the PostgreSQL server programs, or unset it.',
    );
  }
  if (canInstall()) {
    process.stderr.write('PostgreSQL is missing and the tests need it: installing it with apt-get.\n');
    const installed =
      run('apt-get', ['update']) &&
      run('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql']) &&
      findPostgresBinaries() !== undefined;
    if (installed) return;
  }
  fail(
    'The tests need the PostgreSQL server programs (initdb, postgres), and none were found.',
    'Install PostgreSQL 15 or newer, or set LATCHKEY_TEST_PG_BIN to the folder that holds them.',
  );
}

checkNode();
preparePostgres();

import { spawnSync } from 'node:child_process';
import { findChromium } from '../packages/testkit/src/chromium.ts';
import { findPostgresBinaries } from '../packages/testkit/src/postgres-binaries.ts';
import { findCaddy, findNginx, findOnPath } from '../packages/testkit/src/programs.ts';

/** What tests and benches need of the machine. A missing one is a failure, never a skip. */
export interface MachinePeer {
  readonly name: string;
  /** The Debian package that brings it. */
  readonly debianPackage: string;
  /** The variable that says where it is, and what that has to name; none of what is called by its name. */
  readonly told?: { readonly by: string; readonly as: string };
  readonly remedy: string;
  find(): string | undefined;
}

export const postgres: MachinePeer = {
  name: 'PostgreSQL',
  debianPackage: 'postgresql',
  told: { by: 'LATCHKEY_TEST_PG_BIN', as: 'the folder of the PostgreSQL server programs (initdb, postgres)' },
  remedy: 'Install PostgreSQL 15 or newer',
  find: findPostgresBinaries,
};

export const chromium: MachinePeer = {
  name: 'Chromium',
  debianPackage: 'chromium',
  told: { by: 'LATCHKEY_TEST_CHROMIUM', as: 'the program of Chromium or Chrome' },
  remedy: 'Install Chromium or Chrome',
  find: findChromium,
};

export const nginx: MachinePeer = {
  name: 'nginx',
  debianPackage: 'nginx-light',
  told: { by: 'LATCHKEY_TEST_NGINX', as: 'the program of nginx' },
  remedy: 'Install nginx with its auth_request module',
  find: () => findNginx(),
};

export const caddy: MachinePeer = {
  name: 'Caddy',
  debianPackage: 'caddy',
  told: { by: 'LATCHKEY_TEST_CADDY', as: 'the program of Caddy' },
  remedy: 'Install Caddy 2.6 or newer',
  find: () => findCaddy(),
};

/** What people copy from the dashboard calls these by name. */
export const sampleRunners: readonly MachinePeer[] = ['curl', 'openssl', 'python3'].map((name) => ({
  name,
  debianPackage: name,
  remedy: `Install ${name} where PATH leads to it`,
  find: () => findOnPath(name),
}));

function runApt(...args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] }).status === 0;
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

function install({ name, debianPackage }: MachinePeer): void {
  if (!canInstall()) return;
  process.stderr.write(`${name} is missing and needed: installing it with apt-get.\n`);
  if (runApt('update')) runApt('install', '-y', '--no-install-recommends', debianPackage);
}

/** Where a peer is; as root on Debian it is installed first where it is missing. Throws with what to do then. */
export function requirePeer(peer: MachinePeer): string {
  const { name, told, remedy } = peer;
  const named = told === undefined ? undefined : process.env[told.by];
  if (peer.find() === undefined) {
    if (named) throw new Error(`${told?.by} is ${named}, which is not ${told?.as}.\nName that, or unset it.`);
    install(peer);
  }
  const found = peer.find();
  if (found !== undefined) return found;
  const otherwise = told === undefined ? '' : `, or set ${told.by} to ${told.as}`;
  throw new Error(`${name} is needed, and was not found.\n${remedy}${otherwise}.`);
}

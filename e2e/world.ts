import type { Output } from '@latchkey/protocol';
import {
  type EmptyStore,
  runLatchkey,
  type ServerProcess,
  type SmtpSink,
  type SmtpSinkOptions,
  startServer,
  startSmtpSink,
  temporaryFolder,
} from '@latchkey/testkit';
import { type Client, newClient } from './clients.ts';
import { type Database, letTimePass, openDatabase } from './database.ts';
import { call, dataOf } from './http-client.ts';

/** A key that the operator makes on the host. */
export interface HostKey {
  readonly family: 'personal' | 'admin';
  /** Whose key it is; only for a personal one. */
  readonly email?: string;
  readonly scopes: readonly string[];
}

export interface AccountOptions {
  /** Names of the organizations that the person owns; `Acme` alone unless told. */
  readonly organizations?: readonly string[];
  /** Scopes of the personal key; both that there are for it unless told. */
  readonly scopes?: readonly string[];
}

/** Somebody with an account, who has not been sent a code within the last hour. */
export interface Account {
  readonly email: string;
  readonly personalKey: string;
  /** Those that the person owns, in the order of the names asked for; none has an active key. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
}

/** A key with its secret. */
export type MintedKey = Output<'keys.createForOrganization'>;

/** A started server that sends real mail, the mail server, and the operator's hands on the host. */
export interface World {
  readonly server: ServerProcess;
  readonly mail: SmtpSink;
  readonly database: Database;
  /** A client of a new person, pointed at the server. */
  client(name: Client['name']): Client;
  /** Makes everything stored so far that much older. */
  letTimePass(seconds: number): Promise<void>;
  /** `latchkey admin create-key` with the server's own settings; resolves with the secret. */
  keyFromHost(key: HostKey): Promise<string>;
  /** Makes a person with an account. Lets an hour pass, so that the code which it took is out of every count. */
  account(options?: AccountOptions): Promise<Account>;
  /** Makes a key of the account's first organization. */
  mint(account: Account, scopes: readonly string[]): Promise<MintedKey>;
  revoke(account: Account, keyId: string): Promise<void>;
  /** An address that nobody used before. */
  newEmail(): string;
  close(): Promise<void>;
}

/** A fresh store on the embedded engine. */
export function emptySqlite(): EmptyStore {
  return { engine: 'sqlite', dataDir: temporaryFolder('data'), databaseUrl: undefined };
}

interface Peers extends Pick<World, 'server' | 'mail' | 'database'> {
  readonly adminKey: string;
}

async function keyFromHost(server: ServerProcess, { family, email, scopes }: HostKey): Promise<string> {
  const owner = email === undefined ? [] : ['--email', email];
  const wanted = ['--family', family, ...owner, '--scopes', scopes.join(','), '--name', `${family} key`];
  const args = ['admin', 'create-key', ...wanted, '--json', '--data', server.dataDir];
  const result = await runLatchkey(args, { env: server.env });
  if (result.code !== 0) throw new Error(`admin create-key ended with ${result.code}: ${result.stderr}`);
  const { data } = JSON.parse(result.stdout) as { data: { apiKey: string } };
  return data.apiKey;
}

/** Signs somebody up over HTTP; the key that comes with it is revoked. */
async function signUp({ server, mail }: Peers, email: string, name: string): Promise<string> {
  const at = (path: string) => `${server.baseUrl}/v1/${path}`;
  dataOf(await call('otp.requestSignup', at('auth/signup/request'), { email }));
  const request = { email, code: await mail.codeFor(email), company: { name } };
  const made = dataOf(await call('otp.completeSignup', at('auth/signup/complete'), request));
  const key = { key: made.apiKey.raw };
  dataOf(await call('keys.revoke', at(`keys/${made.apiKey.keyId}/revoke`), undefined, key));
  return made.organizationId;
}

async function newAccount(peers: Peers, email: string, options: AccountOptions): Promise<Account> {
  const { organizations: names = ['Acme'], scopes = ['organizations:create', 'api-keys:manage'] } = options;
  const [first = 'Gone', ...others] = names;
  const signedUp = await signUp(peers, email, first);
  await letTimePass(peers.database, 60 * 60);
  const personal = { email, name: 'personal key', scopes: [...scopes] };
  const url = `${peers.server.baseUrl}/v1/personal-keys`;
  const made = dataOf(await call('keys.createPersonal', url, personal, { key: peers.adminKey }));
  const personalKey = made.apiKey;
  if (names.length === 0) {
    await peers.database.change(`delete from memberships where organization_id = '${signedUp}'`);
    return { email, personalKey, organizations: [] };
  }
  const organizations = [{ id: signedUp, name: first }];
  for (const name of others) {
    const at = `${peers.server.baseUrl}/v1/organizations`;
    const { organizationId } = dataOf(await call('organizations.create', at, { name }, { key: personalKey }));
    organizations.push({ id: organizationId, name });
  }
  return { email, personalKey, organizations };
}

async function mint(baseUrl: string, account: Account, scopes: readonly string[]): Promise<MintedKey> {
  const url = `${baseUrl}/v1/organizations/${account.organizations[0]?.id}/keys`;
  const wanted = { name: 'CI', scopes };
  return dataOf(await call('keys.createForOrganization', url, wanted, { key: account.personalKey }));
}

async function revoke(baseUrl: string, account: Account, keyId: string): Promise<void> {
  const url = `${baseUrl}/v1/keys/${keyId}/revoke`;
  dataOf(await call('keys.revoke', url, undefined, { key: account.personalKey }));
}

/** Starts a mail server with STARTTLS and a server on `store` that sends through it, with settings of its own. */
export async function startWorld(
  store: EmptyStore,
  sinkOptions: SmtpSinkOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<World> {
  const auth = { user: 'latchkey', pass: 'not-a-secret' };
  const mail = await startSmtpSink({ tls: 'starttls', auth, ...sinkOptions });
  const server = await startServer({ ...store, smtp: mail, env });
  const database = await openDatabase(store);
  const adminKey = await keyFromHost(server, { family: 'admin', scopes: ['api-keys:manage'] });
  let people = 0;
  const newEmail = () => {
    people += 1;
    return `person-${people}@example.test`;
  };
  return {
    server,
    mail,
    database,
    client: (name) => newClient(name, server.baseUrl),
    letTimePass: (seconds) => letTimePass(database, seconds),
    keyFromHost: (key) => keyFromHost(server, key),
    account: (options = {}) => newAccount({ server, mail, database, adminKey }, newEmail(), options),
    mint: (account, scopes) => mint(server.baseUrl, account, scopes),
    revoke: (account, keyId) => revoke(server.baseUrl, account, keyId),
    newEmail,
    async close() {
      await database.close();
      await server.stop();
      await mail.close();
    },
  };
}

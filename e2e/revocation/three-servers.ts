import { randomBytes } from 'node:crypto';
import { type ServerProcess, startServer } from '@latchkey/testkit';
import { newOwner, type Owner } from '../owner.ts';

export interface MintedKey {
  readonly keyId: string;
  readonly apiKey: string;
}

/** Three server processes on one PostgreSQL, somebody with an organization, and a key that may verify. */
export interface ThreeServers {
  readonly servers: readonly [ServerProcess, ServerProcess, ServerProcess];
  readonly owner: Owner;
  readonly verifyingKey: string;
  /** Makes that many keys of the organization. */
  mint(count: number): Promise<MintedKey[]>;
  close(): Promise<void>;
}

/** Starts them on an empty database; the address that they say is theirs is nobody's. */
export async function startThreeServers(databaseUrl: string): Promise<ThreeServers> {
  const issuer = 'http://127.0.0.1:4799';
  const env = { LATCHKEY_PUBLIC_URL: issuer, LATCHKEY_MASTER_KEY: randomBytes(32).toString('hex') };
  const start = () => startServer({ databaseUrl, env });
  const servers = [await start(), await start(), await start()] as const;
  const owner = await newOwner(servers[0].baseUrl, issuer);
  const { client, organizationId } = owner;
  const mintOne = (scope: 'keys:verify' | 'workflows:trigger') =>
    client.callOrThrow('keys.createForOrganization', { organizationId, name: 'Caller', scopes: [scope] });
  return {
    servers,
    owner,
    verifyingKey: (await mintOne('keys:verify')).apiKey,
    mint: (count) => Promise.all(Array.from({ length: count }, () => mintOne('workflows:trigger'))),
    async close() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

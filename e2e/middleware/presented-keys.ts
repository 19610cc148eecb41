import { randomBytes } from 'node:crypto';
import { generateKey } from '@latchkey/keys';
import { createClient } from '@latchkey/sdk';
import type { ServerProcess } from '@latchkey/testkit';
import { letTimePass, openDatabase } from '../database.ts';
import { newOwner, type Owner } from '../owner.ts';

/** Something that a caller may present, by what becomes of it where `guardOptions` ask. */
export interface PresentedKeys {
  /** Of the back end: may verify. */
  readonly verifying: string;
  readonly good: string;
  readonly limited: string;
  /** A key for each verdict but the good one; those that are counted are used up by one use. */
  readonly refused: Readonly<Record<Refused, string>>;
}

/** What the guarded route of every framework asks for. */
export const guardOptions = {
  scopes: ['workflows:trigger'],
  environment: 'dev',
  workspace: 'payments',
  resource: 'orders/7',
  audience: 'https://orders.example',
} as const;

/** Every verdict that is not good, with the status that it is answered by. */
export const refusals = {
  MALFORMED: 401,
  NOT_FOUND: 401,
  REVOKED: 401,
  EXPIRED: 401,
  DISABLED: 401,
  AUDIENCE_MISMATCH: 401,
  ENVIRONMENT_MISMATCH: 403,
  WORKSPACE_MISMATCH: 403,
  RESOURCE_MISMATCH: 403,
  SCOPE_MISSING: 403,
  IP_NOT_ALLOWED: 403,
  RATE_LIMITED: 429,
  USAGE_EXCEEDED: 429,
} as const;
export type Refused = keyof typeof refusals;

type Counting = 'exact' | 'fast';

interface Restrictions {
  readonly scopes?: string[];
  readonly expiresInDays?: number;
  readonly resources?: string[];
  readonly allowedAddresses?: string[];
  readonly limits?: { requests: number; windowSeconds: number; counting: Counting }[];
  readonly budget?: { total: number; counting: Counting };
}

/** Makes a key of the organization. */
function organizationKey({ client, organizationId }: Owner, restrictions: Restrictions = {}) {
  const wanted = { name: 'Caller', scopes: ['workflows:trigger'], ...restrictions };
  return client.callOrThrow('keys.createForOrganization', { organizationId, ...wanted });
}

async function tokenOf(baseUrl: string, apiKey: string, audience: string): Promise<string> {
  const client = createClient({ baseUrl, apiKey });
  return (await client.callOrThrow('tokens.exchange', { audience })).token;
}

/** Makes a key for each verdict at a started server. */
export async function presentKeys(server: ServerProcess): Promise<PresentedKeys> {
  const owner = await newOwner(server.baseUrl);
  const { client, organizationId } = owner;
  const newKey = async (restrictions: Restrictions = {}) =>
    (await organizationKey(owner, restrictions)).apiKey;
  const environmentKey = async (environment: 'dev' | 'sandbox', workspace: string) => {
    const place = { organizationId, environment };
    await client.callOrThrow('workspaces.create', { ...place, slug: workspace, name: workspace });
    const wanted = { ...place, name: 'Caller', workspace, level: 'developer' as const };
    return (await client.callOrThrow('environmentKeys.create', wanted)).apiKey;
  };
  const expired = await newKey({ expiresInDays: 1 });
  const database = await openDatabase({ ...server, engine: 'sqlite', databaseUrl: undefined });
  await letTimePass(database, 2 * 86_400);
  await database.close();
  const [revoked, disabled] = [await organizationKey(owner), await organizationKey(owner)];
  await client.callOrThrow('keys.revoke', { keyId: revoked.keyId });
  await client.callOrThrow('keys.disable', { keyId: disabled.keyId });
  const hour = { windowSeconds: 3_600, counting: 'exact' as const };
  return {
    verifying: await newKey({ scopes: ['keys:verify'] }),
    good: await newKey(),
    limited: await newKey({ limits: [{ requests: 1_000, ...hour }] }),
    refused: {
      MALFORMED: 'cko_not-a-key',
      NOT_FOUND: generateKey('organization', (size) => randomBytes(size)),
      REVOKED: revoked.apiKey,
      EXPIRED: expired,
      DISABLED: disabled.apiKey,
      AUDIENCE_MISMATCH: await tokenOf(server.baseUrl, await newKey(), 'https://stock.example'),
      ENVIRONMENT_MISMATCH: await environmentKey('sandbox', 'payments'),
      WORKSPACE_MISMATCH: await environmentKey('dev', 'shipping'),
      RESOURCE_MISMATCH: await newKey({ resources: ['invoices/*'] }),
      SCOPE_MISSING: await newKey({ scopes: ['projects:read'] }),
      IP_NOT_ALLOWED: await newKey({ allowedAddresses: ['192.0.2.0/24'] }),
      RATE_LIMITED: await newKey({ limits: [{ requests: 1, ...hour }] }),
      USAGE_EXCEEDED: await newKey({ budget: { total: 1, counting: 'exact' } }),
    },
  };
}

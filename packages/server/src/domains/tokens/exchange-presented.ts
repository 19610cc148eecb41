import { type OperationId, operations } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import { noteRefusal } from '../key-activity/index.ts';
import { type AuthenticatedKey, authorize, noting, verify } from '../keys/index.ts';
import type { TokenDeps } from './deps.ts';
import { exchangeKey } from './exchange.ts';

/** As the operation has it for whoever says nothing. */
const ttlSeconds = 300;

const { access } = operations['tokens.exchange' satisfies OperationId];

/** A key as the token endpoint is given it, not verified. */
export interface KeyToExchange {
  readonly secret: string;
  /** The network address that the request came from. */
  readonly ip: string;
  readonly scopes: readonly string[] | undefined;
  readonly audience: string | undefined;
}

/** What is wrong with the key, nobody else counts: the answer is the authorization server's. */
async function requireKey(
  deps: TokenDeps,
  { secret, ip }: Pick<KeyToExchange, 'secret' | 'ip'>,
): Promise<AuthenticatedKey> {
  try {
    const credential = await verify(deps, { secret, ip, carrier: 'bearer' }, access, undefined);
    authorize(credential, access);
    if (credential.kind === 'session') throw new Error('a session is no key');
    return credential;
  } catch (error) {
    noteRefusal(deps, error, { ip, client: null });
    throw error;
  }
}

/** The same exchange for whoever presents a key otherwise than an operation takes it; throws what the operation throws. */
export async function exchangePresented(
  deps: TokenDeps,
  { secret, ip, scopes, audience }: KeyToExchange,
): Promise<{
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly scopes: readonly string[];
}> {
  const credential = await requireKey(deps, { secret, ip });
  const wanted = scopes === undefined ? undefined : [...scopes];
  const used = { keyId: credential.row.id, counted: credential.counted };
  const made = await noting(deps, used, { address: ip, client: null }, () =>
    exchangeKey(deps, credential, { scopes: wanted, audience, ttlSeconds }),
  );
  const leftMs = Date.parse(made.expiresAt) - deps.clock.now();
  const expiresInSeconds = Math.max(Math.floor(leftMs / secondMs), 0);
  return { token: made.token, expiresInSeconds, scopes: made.scopes };
}

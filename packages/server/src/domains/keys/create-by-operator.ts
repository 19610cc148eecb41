import { LatchkeyError, type Output } from '@latchkey/protocol';
import { findUser, normalizeEmail } from '../accounts/index.ts';
import { type AuditDeps, type Audited, audited, callOfServer, serverChain } from '../audit/index.ts';
import type { KeyDeps } from './deps.ts';
import { expiryFrom, parseScopes } from './keys.rules.ts';
import { mintKey } from './mint.ts';

/** What the operator asks for on the host. */
export interface OperatorKeyRequest {
  readonly family: 'admin' | 'personal';
  /** Whose key it is; for a personal key only. */
  readonly email?: string | undefined;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly description?: string | undefined;
  readonly expiresInDays?: number | undefined;
}

const rule = { action: 'key.create', resource: 'key' } as const;

type OperatorDeps = Pick<KeyDeps, 'store' | 'clock' | 'random' | 'secrets'>;

async function create(
  deps: OperatorDeps & Audited,
  { family, email, name, description = '', ...request }: OperatorKeyRequest,
): Promise<Output<'keys.createPersonal'>> {
  const now = deps.clock.now();
  const scopes = parseScopes(request.scopes, family);
  const expiresAt = expiryFrom(request.expiresInDays, now);
  const user = family === 'personal' ? await findUser(deps.store.db, normalizeEmail(email)) : undefined;
  if (family === 'personal' && user === undefined) throw new LatchkeyError('USER_NOT_FOUND');
  const userId = user?.id ?? null;
  const wanted = { family, name, description, scopes, organizationId: null, userId, expiresAt } as const;
  const { secret, shown } = await deps.store.write(async (trx) => {
    const minted = await mintKey(trx, deps, wanted, now);
    const details = { family, name, scopes: scopes.join(' '), holder: userId };
    await deps.audit.record(trx, { organizationId: null, id: minted.shown.keyId, details });
    return minted;
  });
  return { ...shown, apiKey: secret };
}

/**
 * Creates an admin key, or a personal key for an existing account. Not an operation of the API: whoever can run it
 * has the data folder and the master key already.
 */
export async function createByOperator(
  deps: OperatorDeps & AuditDeps,
  request: OperatorKeyRequest,
): Promise<Output<'keys.createPersonal'>> {
  return audited(deps, {
    describe: () => callOfServer('operator', rule),
    chainOfRefusal: async () => serverChain,
    work: (audit) => create({ ...deps, audit }, request),
  });
}

import { generateEnvironmentKey } from '@latchkey/keys';
import { type Level, type Output, scopesOfLevel } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { encodeRestrictions, encodeScopes, type Restrictions, type Writer } from '../../storage/index.ts';
import { digestForNewKey, insertedKey, type KeyDeps } from '../keys/index.ts';
import type { Place } from '../workspaces/index.ts';
import { handleOf } from './environment-keys.rules.ts';

/** Among a million fingerprints of an environment, eight taken ones in a row come once in 10^29 mints. */
const attempts = 8;

/** A key to be made; that its minter may make it has been checked. */
export interface MintRequest {
  readonly place: Place;
  readonly minterId: string;
  readonly name: string;
  readonly description: string;
  readonly workspace: { readonly id: string; readonly slug: string } | null;
  readonly level: Level;
  /** None unless told. */
  readonly restrictions?: Restrictions | undefined;
  /** The key that it replaces. */
  readonly rotatedFrom: string | null;
}

/**
 * Makes an environment key in the caller's transaction, which holds the organization and the workspace, and answers
 * it with its secret. Tries again while the shown fingerprint is taken: for people, it must name one key.
 */
export async function mintEnvironmentKey(
  trx: Writer,
  deps: Pick<KeyDeps, 'secrets' | 'random'>,
  request: MintRequest,
  now: number,
): Promise<Output<'environmentKeys.create'>> {
  const { place, minterId, name, description, workspace, level, restrictions, rotatedFrom } = request;
  const { organizationId, environment } = place;
  const keyId = deps.random.uuid();
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { secret, fingerprint, fingerprintHex } = generateEnvironmentKey(environment, deps.random.bytes);
    const inserted = await insertedKey(trx, {
      id: keyId,
      family: 'environment',
      digest: digestForNewKey(deps.secrets, secret),
      prefix: '',
      name,
      description,
      scopes: encodeScopes(scopesOfLevel(level)),
      organization_id: organizationId,
      user_id: minterId,
      created_at: now,
      updated_at: now,
      environment,
      workspace_id: workspace?.id ?? null,
      level,
      fingerprint,
      fingerprint_hex: fingerprintHex,
      rotated_from: rotatedFrom,
      ...(restrictions && encodeRestrictions(restrictions)),
    });
    if (!inserted) continue;
    return {
      keyId,
      name,
      description,
      environment,
      workspace: workspace?.slug ?? null,
      level,
      fingerprint,
      handle: handleOf(environment, fingerprint),
      createdAt: toIso(now),
      apiKey: secret,
    };
  }
  throw new Error(`${attempts} fingerprints in a row were taken`);
}

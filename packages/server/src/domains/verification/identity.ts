import { identityType, type KeyFacts } from '@latchkey/protocol';
import { type Clock, secondMs } from '../../platform/clock.ts';
import { createJwtSigner } from '../../platform/jwt.ts';
import type { Secrets } from '../../platform/secrets.ts';

const lifetimeSeconds = 60;
/** Of one key; where the audience is the host that a visitor names, nobody may crowd out memory with names. */
const maxAudiences = 16;

interface SignedIdentity {
  readonly token: string;
  readonly issuedAt: number;
  /** Unix milliseconds; half of its life is left to whoever it is handed on to. */
  readonly renewAt: number;
}

/** What identities are signed with. */
export interface IdentityDeps {
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'principalKey'>;
  readonly publicUrl: () => string;
}

function claimsOf(facts: KeyFacts): object {
  return {
    sub: `key:${facts.keyId}`,
    key_id: facts.keyId,
    key_name: facts.name,
    family: facts.family,
    organization_id: facts.organizationId,
    user_id: facts.userId,
    instance_id: facts.processInstanceId,
    scopes: facts.scopes,
    environment: facts.environment,
    workspace: facts.workspace,
  };
}

/** Whole seconds; a key that ends sooner, by its expiry or by its rotation, ends its identity too. */
function expiryOf(issuedAtSeconds: number, { expiresAt, revokedAt }: KeyFacts): number {
  const ends = [expiresAt, revokedAt].filter((each) => each !== null);
  return Math.min(issuedAtSeconds + lifetimeSeconds, ...ends.map((each) => Math.ceil(each / secondMs)));
}

/**
 * Says who came with a key, to one audience, as a token that lives for a minute (docs/guides/forward-auth.md). A
 * signature costs more than all the rest of an answer, so one is reused for half of that. It hangs on the facts: when
 * they are forgotten since something has changed, so is what was signed about them.
 */
export function createIdentities({
  clock,
  secrets,
  publicUrl,
}: IdentityDeps): (facts: KeyFacts, audience: string) => string {
  const sign = createJwtSigner(secrets.principalKey, identityType);
  const signed = new WeakMap<KeyFacts, Map<string, SignedIdentity>>();

  function issue(facts: KeyFacts, audience: string, now: number): SignedIdentity {
    const iat = Math.floor(now / secondMs);
    const exp = expiryOf(iat, facts);
    const token = sign({ iss: publicUrl(), aud: audience, iat, exp, ...claimsOf(facts) });
    return { token, issuedAt: now, renewAt: now + ((exp - iat) * secondMs) / 2 };
  }

  function rememberedFor(facts: KeyFacts): Map<string, SignedIdentity> {
    const remembered = signed.get(facts);
    if (remembered !== undefined) return remembered;
    const none = new Map<string, SignedIdentity>();
    signed.set(facts, none);
    return none;
  }

  return (facts, audience) => {
    const remembered = rememberedFor(facts);
    const known = remembered.get(audience);
    const now = clock.now();
    // A clock that was set back must not keep one alive, nor hand out one that is not valid yet.
    if (known !== undefined && known.issuedAt <= now && now < known.renewAt) return known.token;
    if (known === undefined && remembered.size >= maxAudiences) remembered.clear();
    const issued = issue(facts, audience, now);
    remembered.set(audience, issued);
    return issued.token;
  };
}

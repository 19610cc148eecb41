import { secondMs } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Found, KeyView, KnownKey, KnownKeys } from '../keys/index.ts';
import { createTokenReader, scopesIn, type TokenClaims } from './claims.ts';

/** What is known of keys by the tokens that were made from them. */
export interface KeyTokens {
  /**
   * The key of a token as it is now, with no more scopes and no longer a life than the token has; absent where the key is
   * not there any more; undefined for a text that is no token of this server.
   */
  factsOf(text: string): Found | undefined | Promise<Found | undefined>;
}

export interface KeyTokensDeps {
  readonly secrets: Pick<Secrets, 'principalKey'>;
  readonly knownKeys: Pick<KnownKeys, 'findById' | 'asOf'>;
}

function narrowed(view: KeyView, claims: TokenClaims): KeyView {
  const { facts } = view;
  const [scopes, exp] = [scopesIn(claims), claims.exp * secondMs];
  return {
    ...view,
    facts: {
      ...facts,
      scopes: scopes.filter((scope) => facts.scopes.includes(scope)),
      audience: claims.aud,
      expiresAt: facts.expiresAt === null ? exp : Math.min(facts.expiresAt, exp),
    },
    written: undefined,
  };
}

/** What the key has lost since the token was made, the token has lost too. */
function asToken(key: KnownKey, claims: TokenClaims): KnownKey {
  const views = key.views.filter(({ facts }) => facts.organizationId === claims.organization_id);
  return { ...key, views: views.map((view) => narrowed(view, claims)) };
}

/** Tokens are read by the key that signs them, and their keys are looked for as they are now. */
export function createKeyTokens({ secrets, knownKeys }: KeyTokensDeps): KeyTokens {
  const read = createTokenReader(secrets.principalKey);
  return {
    factsOf(text) {
      const claims = read(text);
      if (claims === undefined) return undefined;
      const found = knownKeys.findById(claims.key_id);
      // What is in memory knows of every change that is applied, and so does what is said of the token by it.
      const seen = (each: Found) =>
        each.kind === 'key' ? asToken({ ...each, asOf: knownKeys.asOf(each) }, claims) : each;
      return found instanceof Promise ? found.then(seen) : seen(found);
    },
  };
}

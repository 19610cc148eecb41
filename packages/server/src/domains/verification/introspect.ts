import { endOf } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import type { KeyView } from '../keys/index.ts';
import type { VerificationDeps } from './deps.ts';
import { verify } from './verify.ts';

/** The answer of RFC 7662, section 2.2; of what is not good it says nothing else. */
export type Introspection =
  | { readonly active: false }
  | { readonly active: true; readonly [member: string]: unknown };

function activeKey(view: KeyView, issuer: string): Introspection {
  const { facts, createdAt } = view;
  const endsAt = endOf(facts);
  return {
    active: true,
    iss: issuer,
    sub: `key:${facts.keyId}`,
    client_id: facts.keyId,
    token_type: 'Bearer',
    scope: facts.scopes.join(' '),
    ...(facts.audience !== undefined && { aud: facts.audience }),
    iat: Math.floor(createdAt / secondMs),
    ...(endsAt !== null && { exp: Math.floor(endsAt / secondMs) }),
    key_name: facts.name,
    family: facts.family,
    organization_id: facts.organizationId,
    organization_name: facts.organizationName,
    user_id: facts.userId,
    instance_id: facts.processInstanceId,
    environment: facts.environment,
    workspace: facts.workspace,
  };
}

/** What introspection works with. */
export interface IntrospectionDeps extends VerificationDeps {
  readonly publicUrl: () => string;
}

/** What a resource server is told of a token; asking counts as one use of the key. */
export async function introspect(
  deps: IntrospectionDeps,
  organizationId: string,
  token: string,
): Promise<Introspection> {
  const { code, view } = await verify(deps, organizationId, { key: token, cost: 1 });
  return code === 'VALID' && view !== undefined ? activeKey(view, deps.publicUrl()) : { active: false };
}

import type { AuditActor, AuditRule } from '@latchkey/protocol';
import type { Reader, Store } from '../storage/index.ts';
import { addressIn, roleIn } from './accounts/index.ts';
import { type AuditedCall, anonymous, callFrom, person, serverChain } from './audit/index.ts';
import { organizationOfInstance } from './instances/index.ts';
import { type Credential, organizationOfKey } from './keys/index.ts';
import type { Caller } from './otp/index.ts';
import { organizationOfProject } from './projects/index.ts';

/** The input of a call; nothing before it was validated. */
type Fields = Readonly<Record<string, unknown>> | undefined;

function textIn(input: Fields, name: string): string | null {
  const value = input?.[name];
  return typeof value === 'string' ? value : null;
}

function actorOf(credential: Credential | undefined, input: Fields): AuditActor {
  if (credential === undefined) return anonymous(addressIn(textIn(input, 'email') ?? undefined));
  if (credential.kind === 'session') {
    const { userId, email } = credential.session;
    return person({ id: userId, email });
  }
  const { id, fingerprint } = credential.row;
  return { kind: 'key', id, email: null, fingerprint };
}

/** What a call and its input say for the audit event that it leaves. */
export function describeCall(
  rule: AuditRule,
  { caller, credential }: { readonly caller: Caller; readonly credential: Credential | undefined },
  input: unknown,
): AuditedCall {
  const fields = input as Fields;
  return {
    ...callFrom(caller, rule, actorOf(credential, fields)),
    environment: textIn(fields, 'environment'),
    workspace: textIn(fields, 'workspace') ?? textIn(fields, 'slug'),
  };
}

/** What belongs to an organization, by the field that names it. */
const named = [
  ['keyId', organizationOfKey],
  ['processInstanceId', organizationOfInstance],
  ['projectId', organizationOfProject],
] as const;

/** The organization that an input names, or that of the key, instance or project that it names. */
async function organizationNamed(db: Reader, input: Fields): Promise<string | null> {
  const organizationId = textIn(input, 'organizationId');
  if (organizationId !== null) return organizationId;
  for (const [name, organizationOf] of named) {
    const id = textIn(input, name);
    if (id !== null) return organizationOf(db, id);
  }
  return null;
}

/**
 * The chain that tells of a refusal: of the organization that the key is bound to, or of the one that the input names
 * if the person belongs to it. A stranger's attempt stands in the server's own chain: nobody writes into the chain of
 * an organization that they have nothing to do with.
 */
export async function chainOfRefusal(
  { store }: { readonly store: Store },
  credential: Credential | undefined,
  input: unknown,
): Promise<string> {
  const { organizationId, userId } = credential?.principal ?? { organizationId: null, userId: null };
  if (organizationId !== null) return organizationId;
  const named = await organizationNamed(store.db, input as Fields);
  const role = named === null || userId === null ? undefined : await roleIn(store.db, named, userId);
  return named !== null && role !== undefined ? named : serverChain;
}

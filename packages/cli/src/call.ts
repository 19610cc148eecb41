import type { Request as Asked, Output } from '@latchkey/protocol';
import type { OperationId } from '@latchkey/protocol/routes';
import { apiOf } from './api.ts';
import { bodyOf } from './body-of.ts';
import type { Context } from './command.ts';
import { reportFailure } from './failure.ts';
import { type Identity, type IdentityFlags, requireIdentity } from './identity.ts';
import { writeJson } from './output.ts';
import { type AddressFlags, resolveServer } from './server-address.ts';

export interface CallValues extends IdentityFlags, AddressFlags {
  readonly json: boolean;
}

/** What is said of an answer in words; the request's id beside it. */
type Write<Data> = (data: Data, requestId: string | undefined) => void;

/**
 * Makes one call with the credential in use, reports what came of it, and answers the exit code. `--json` prints the
 * server's body. The input may depend on whose credential it is.
 */
export async function callAndReport<Id extends OperationId>(
  context: Context,
  values: CallValues,
  id: Id,
  input: Asked<Id> | ((identity: Identity) => Asked<Id>),
  write: Write<Output<Id>>,
): Promise<number> {
  const identity = await requireIdentity(context, values);
  const api = apiOf(context, resolveServer(context, values), identity);
  const answer = await api.call(id, typeof input === 'function' ? input(identity) : input);
  if (!answer.success) return reportFailure(context.terminal, answer, values.json);
  if (values.json) writeJson(context.terminal.out, bodyOf(answer));
  else write(answer.data, answer.requestId);
  return 0;
}

/** The organization that a flag names, else that of the profile. None leaves it to the key, which may know. */
export function organizationIdOf(
  values: { readonly 'organization-id'?: string | undefined },
  { chosen }: Identity,
): string | undefined {
  return values['organization-id'] ?? chosen?.profile.organizationId;
}

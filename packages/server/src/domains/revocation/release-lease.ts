import type { Input, Output } from '@latchkey/protocol';
import { organizationOf } from './renew-lease.ts';
import type { Revocations } from './revocations.ts';

/** Gives a lease back: the verifier has forgotten everything and asks no more under its name. */
export function releaseLease(
  { revocations }: { readonly revocations: Revocations },
  principal: Parameters<typeof organizationOf>[0],
  { verifier }: Input<'verifiers.releaseLease'>,
): Output<'verifiers.releaseLease'> {
  const { organizationId } = organizationOf(principal);
  return { released: revocations.verifiers.release(organizationId, verifier) };
}

import type { Input, Output } from '@latchkey/protocol';
import type { Revocations } from './revocations.ts';

/** Whoever verifies does so for their organization. */
interface Verifying {
  readonly keyId: string | null;
  readonly organizationId: string | null;
}

/** Whose verifier it is, by the key that it asks with. */
export function organizationOf({ keyId, organizationId }: Verifying) {
  if (keyId === null || organizationId === null)
    throw new Error('a verifier asks with a key of an organization');
  return { keyId, organizationId };
}

/** The key that a verifier asks with. */
interface Renewing extends Verifying {
  /** The number of the last change after which it was found to be good. */
  readonly asOf: number;
}

/** Holds a lease: answers what to forget and for how long the rest is good, when there is news or after `waitMs`. */
export async function renewLease(
  { revocations }: { readonly revocations: Revocations },
  { asOf, ...principal }: Renewing,
  input: Input<'verifiers.renewLease'>,
  hungUp: AbortSignal,
): Promise<Output<'verifiers.renewLease'>> {
  return revocations.verifiers.ask({ ...organizationOf(principal), asOf, ...input, hungUp });
}

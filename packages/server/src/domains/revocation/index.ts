export { createRevocations, type RevocationDeps } from './create-revocations.ts';
export { releaseLease } from './release-lease.ts';
export { renewLease } from './renew-lease.ts';
export type { Change, ChangedKey, Forget, Receipt, Revocations } from './revocations.ts';
export { createConfirmationSweep } from './sweep.ts';

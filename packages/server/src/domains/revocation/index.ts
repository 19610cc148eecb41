export { createRevocations, type RevocationDeps } from './create-revocations.ts';
export type { Change, ChangedKey, Forget, Receipt, Revocations } from './revocations.ts';
export { createConfirmationSweep } from './sweep.ts';

export type { Change, ChangedKey, Forget, Receipt, Revocations } from './revocations.ts';

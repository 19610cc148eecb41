export { createKeyUsage, type KeyUsage } from './key-usage.ts';
export type { UseRequest } from './slices.ts';
export { sweepUses } from './sweep.ts';
export type { UseVerdict } from './use-verdict.ts';

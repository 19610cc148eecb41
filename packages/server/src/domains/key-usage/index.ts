export type { UseRequest } from './counters.ts';
export { createKeyUsage, type KeyUsage } from './key-usage.ts';
export { type LeftUses, leftOf } from './left.ts';
export { sweepUses } from './sweep.ts';
export type { UseVerdict } from './use-verdict.ts';

export type { EndingDeps } from './deps.ts';
export { reportLeaked } from './report-leaked.ts';
export { revokeOwn } from './revoke-own.ts';

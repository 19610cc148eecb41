export { createOnce, type Once, type OnceDeps } from './once.ts';
export { sweepClaims } from './sweep.ts';

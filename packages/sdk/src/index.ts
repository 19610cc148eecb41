export { LatchkeyApiError, unwrap } from './api-error.ts';
export { type Answer, type CallOptions, type Client, type ClientOptions, createClient } from './client.ts';
export { TransportError, type TransportErrorCode } from './transport-error.ts';
export type { VerifierClock } from './verifier/clock.ts';
export type { Asked } from './verifier/known-key.ts';
export type { Verdict } from './verifier/verdict.ts';
export { createVerifier, type Verifier, type VerifierOptions } from './verifier/verifier.ts';

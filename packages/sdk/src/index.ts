export { LatchkeyApiError, unwrap } from './api-error.ts';
export { type Answer, type CallOptions, type Client, type ClientOptions, createClient } from './client.ts';
export { TransportError, type TransportErrorCode } from './transport-error.ts';

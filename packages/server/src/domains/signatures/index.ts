export { claimedId } from './claimed-id.ts';
export { diagnose } from './diagnose.ts';
export { signatureError } from './explain.ts';
export { signatureHeadersIn } from './present.ts';
export { signedSample } from './sample.ts';
export type { Accepted, Refused, SignedRequest, SigningSecret, Verdict } from './scheme.ts';
export { type NewSecret, type SecretIdentity, secretFromText, secretToText } from './stored-secret.ts';
export { verifySignature } from './verify.ts';

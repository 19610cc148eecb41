import { postRequest } from './requests.ts';

/** Asks Latchkey about a key, on behalf of one that may verify. */
export function verifyRequest(verifyingKey: string, key: string): Buffer {
  return postRequest('/v1/keys/verify', { authorization: `Bearer ${verifyingKey}` }, { key });
}

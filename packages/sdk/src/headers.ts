import type { ClientOptions } from './client.ts';
import type { WireRequest } from './request.ts';

type Identity = Pick<ClientOptions, 'apiKey' | 'accessToken' | 'userAgent'>;

/** Checked here because the runtime's own error would quote the secret. */
function credentialHeader({ apiKey, accessToken }: Identity): Record<string, string> {
  const secret = apiKey ?? accessToken;
  if (secret === undefined) return {};
  if (apiKey !== undefined && accessToken !== undefined) {
    throw new TypeError('Give an API key or the token of a session, not both.');
  }
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new TypeError('The API key or token holds characters that none has.');
  }
  if (apiKey === undefined || /^ck_(dev|sandbox|live)_/.test(apiKey)) {
    return { Authorization: `Bearer ${secret}` };
  }
  return apiKey.startsWith('ck_') ? { 'X-API-Key': apiKey } : { 'X-Process-Manager-Key': apiKey };
}

/**
 * What every request of a client carries.
 *
 * @throws {TypeError} when the credential cannot be sent; the message never holds it.
 */
export function baseHeaders(identity: Identity): Record<string, string> {
  const { userAgent } = identity;
  return {
    Accept: 'application/json',
    ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }),
    ...credentialHeader(identity),
  };
}

/** Those of one request. */
export function headersOf(
  headers: Record<string, string>,
  { body }: WireRequest,
  idempotencyKey: string | undefined,
): Record<string, string> {
  return {
    ...headers,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
  };
}

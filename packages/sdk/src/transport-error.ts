/**
 * `network-error`: no connection, nothing arrived. `timeout`: sent, but no complete answer in time, so the
 * operation may have been carried out. `invalid-response`: something answered that is not this API.
 */
export type TransportErrorCode = 'network-error' | 'timeout' | 'invalid-response';

/** No envelope came back. `message` and `nextAction` are fit for a person and never hold the key. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;
  readonly nextAction: string;

  constructor(code: TransportErrorCode, message: string, nextAction: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.nextAction = nextAction;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'this host name does not exist',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  CERT_HAS_EXPIRED: 'the certificate of the server has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the server is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate of the server is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate of the server is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of the server is for another host name',
};

/** Only the error's code is shown: messages of the runtime can quote header values. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (cause instanceof Error && cause.message === 'bad port') return 'this port is not allowed';
  return reasons[code] ?? (code === '' ? 'the request could not be sent' : code);
}

/** What `fetch` threw, as one of the two errors that a caller can act on. */
export function transportErrorOf(error: unknown, baseUrl: string, timeoutMs: number): TransportError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new TransportError(
      'timeout',
      `${baseUrl} did not answer within ${timeoutMs / 1000} seconds.`,
      'The request may have been carried out all the same: look before you send it again.',
      error,
    );
  }
  return new TransportError(
    'network-error',
    `Cannot reach ${baseUrl}: ${reasonOf(error)}.`,
    'Check that the base URL is right and that the server is running.',
    error,
  );
}

/** Something answered, but not with an envelope. */
export function invalidResponse(baseUrl: string, response: Response): TransportError {
  const type = response.headers.get('content-type')?.split(';')[0] ?? 'no content type';
  return new TransportError(
    'invalid-response',
    `${baseUrl} answered HTTP ${response.status} (${type}), which is not an answer of this API.`,
    'Check that the base URL points at a Latchkey server and not at something in front of it.',
  );
}

/** A redirect is not followed: the key would go to an address that nobody chose. */
export function redirected(baseUrl: string, response: Response): TransportError {
  const target = response.headers.get('location');
  const address =
    target !== null && URL.canParse(target, baseUrl) ? new URL(target, baseUrl).origin : undefined;
  return new TransportError(
    'invalid-response',
    `${baseUrl} redirects to ${address ?? 'another address'}. The redirect was not followed.`,
    'If that address is yours, use it as the base URL.',
  );
}

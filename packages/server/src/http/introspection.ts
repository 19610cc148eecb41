import { type CredentialAccess, type ErrorEnvelope, LatchkeyError } from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { askerOf, authorize, type Credential, type KeyDeps, noting, verify } from '../domains/keys/index.ts';
import { type IntrospectionDeps, introspect } from '../domains/verification/index.ts';
import { requirePresented } from './credentials.ts';
import { refuseKeysInUrl } from './query-key.ts';

const access = {
  kind: 'key',
  families: ['organization'],
  scope: 'keys:verify',
} as const satisfies CredentialAccess;

const bodyLimitBytes = 16 * 1024;

/** RFC 6750, section 3.1, and RFC 6749, section 4.1.2.1, by status. */
const oauthErrors: Readonly<Record<number, string>> = {
  401: 'invalid_token',
  403: 'insufficient_scope',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

/** The one token that a form asks about; its hint is of no use, since every token says by itself what it is. */
function tokenIn(form: unknown): string {
  const tokens = form instanceof URLSearchParams ? form.getAll('token') : [];
  const [token] = tokens;
  if (token !== undefined && tokens.length === 1) return token;
  const problem = 'token: must be there once, in a form.';
  throw new LatchkeyError('INVALID_REQUEST', { details: { problem } });
}

/** Token introspection (RFC 7662) for keys: what programs ask that know nothing of Latchkey. */
export async function registerIntrospection(
  app: FastifyInstance,
  deps: IntrospectionDeps & KeyDeps,
): Promise<void> {
  async function verifyCaller(request: FastifyRequest): Promise<void> {
    request.credential = await verify(deps, requirePresented(request, access), access, undefined);
    request.keyId = request.credential.principal.keyId ?? undefined;
  }

  async function answer(request: FastifyRequest): Promise<object> {
    // A body may come long after its headers, and a key may have ended meanwhile.
    await verifyCaller(request);
    const credential = request.credential as Credential;
    authorize(credential, access);
    const { organizationId } = credential.principal;
    if (organizationId === null || credential.kind !== 'key')
      throw new Error('a key without an organization');
    return noting(deps, askerOf(credential), undefined, async () =>
      introspect(deps, organizationId, tokenIn(request.body)),
    );
  }

  await app.register(async (part) => {
    part.removeAllContentTypeParsers();
    part.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
    );
    // Errors are those of OAuth here, and no envelope.
    part.addHook('preSerialization', async (_request, reply, payload) => {
      const { error } = payload as Partial<ErrorEnvelope>;
      if (error === undefined) return payload;
      const name = oauthErrors[reply.statusCode] ?? 'invalid_request';
      return { error: name, error_description: `${error.message} ${error.nextAction}` };
    });
    part.route({
      method: 'POST',
      url: '/v1/introspect',
      config: { operation: 'keys.introspect' },
      bodyLimit: bodyLimitBytes,
      async onRequest(request) {
        refuseKeysInUrl(request);
        await verifyCaller(request);
      },
      handler: answer,
    });
  });
}

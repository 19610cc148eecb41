import type { Request as Asked, Output } from '@latchkey/protocol';
import type { OperationId } from '@latchkey/protocol/routes';
import { type Answer, createClient, TransportError } from '@latchkey/sdk';
import type { Context } from './command.ts';
import type { Failure } from './failure.ts';
import type { ServerAddress } from './server-address.ts';

type Success<Id extends OperationId> = Extract<Answer<Output<Id>>, { success: true }>;

/** What a call is made with: a key, or the session of the server that it was begun at. */
export type Credential =
  | { readonly kind: 'key'; readonly apiKey: string }
  | { readonly kind: 'session'; readonly baseUrl: string };

export interface Api {
  /** Never throws for what the server or the network does: a failure is answered, after 30 seconds unless told. */
  call<Id extends OperationId>(id: Id, input: Asked<Id>, timeoutMs?: number): Promise<Success<Id> | Failure>;
}

type Secret = { readonly apiKey?: string; readonly accessToken?: string };

function failureOf(error: TransportError, { source }: ServerAddress): Failure {
  const { code, message } = error;
  const where = `The base URL comes from: ${source}. Another one: --base-url or LATCHKEY_BASE_URL.`;
  const unreachable = `Check that the server is running (\`latchkey serve\` starts one). ${where}`;
  const nextAction = code === 'network-error' ? unreachable : error.nextAction;
  return { success: false, status: 0, error: { code, message, nextAction } };
}

function foreignSession(signedInAt: string, server: ServerAddress): Failure {
  const message = `You are signed in at ${signedInAt}, and that session is not sent to ${server.baseUrl}.`;
  const nextAction = `Sign in there: \`latchkey login --base-url ${server.baseUrl}\`.`;
  return { success: false, status: 0, error: { code: 'session-elsewhere', message, nextAction } };
}

/** Makes calls with one secret, or with none. */
function callerOf({ fetch, version }: Context, server: ServerAddress, secret: Secret): Api {
  const { baseUrl, apiUrl: url } = server;
  const client = createClient({ baseUrl, ...secret, fetch, maxRetries: 0, userAgent: `latchkey/${version}` });
  return {
    async call(id, input, timeoutMs) {
      try {
        return await client.call(id, input, { url, timeoutMs });
      } catch (error) {
        if (error instanceof TransportError) return failureOf(error, server);
        throw error;
      }
    },
  };
}

/** Makes calls with the session of a server, renewed where it has to be. */
function sessionCallerOf(context: Context, server: ServerAddress): Api {
  return {
    async call(id, input, timeoutMs) {
      const { accessTokenOf, renewedAccessToken } = await import('./oauth/access-token.ts');
      const token = await accessTokenOf(context, server.baseUrl);
      if (typeof token !== 'string') return token;
      const answer = await callerOf(context, server, { accessToken: token }).call(id, input, timeoutMs);
      if (answer.success || answer.error.code !== 'SESSION_INVALID') return answer;
      // This machine's clock may be wrong. If the session itself has ended, renewing it says so.
      const renewed = await renewedAccessToken(context, server.baseUrl, token);
      if (typeof renewed !== 'string') return renewed;
      return callerOf(context, server, { accessToken: renewed }).call(id, input, timeoutMs);
    },
  };
}

/** The API of one server, with or without a credential. */
export function apiOf(context: Context, server: ServerAddress, credential?: Credential): Api {
  if (credential?.kind !== 'session') {
    return callerOf(context, server, credential === undefined ? {} : { apiKey: credential.apiKey });
  }
  if (credential.baseUrl !== server.baseUrl) {
    return { call: async () => foreignSession(credential.baseUrl, server) };
  }
  return sessionCallerOf(context, server);
}

import type { Request as Asked, Output } from '@latchkey/protocol';
import type { OperationId } from '@latchkey/protocol/routes';
import { type Answer, createClient, TransportError } from '@latchkey/sdk';
import type { Context } from './command.ts';
import type { Failure } from './failure.ts';
import type { ServerAddress } from './server-address.ts';

type Success<Id extends OperationId> = Extract<Answer<Output<Id>>, { success: true }>;

export interface Api {
  /** Never throws for what the server or the network does: a failure is answered. */
  call<Id extends OperationId>(id: Id, input: Asked<Id>): Promise<Success<Id> | Failure>;
}

function failureOf(error: TransportError, { source }: ServerAddress): Failure {
  const { code, message } = error;
  const where = `The base URL comes from: ${source}. Another one: --base-url or LATCHKEY_BASE_URL.`;
  const unreachable = `Check that the server is running (\`latchkey serve\` starts one). ${where}`;
  const nextAction = code === 'network-error' ? unreachable : error.nextAction;
  return { success: false, status: 0, error: { code, message, nextAction } };
}

/** The API of one server, with or without a key. */
export function apiOf({ fetch, version }: Context, server: ServerAddress, apiKey?: string): Api {
  const client = createClient({ baseUrl: server.baseUrl, apiKey, fetch, userAgent: `latchkey/${version}` });
  return {
    async call(id, input) {
      try {
        return await client.call(id, input, { url: server.apiUrl });
      } catch (error) {
        if (error instanceof TransportError) return failureOf(error, server);
        throw error;
      }
    },
  };
}

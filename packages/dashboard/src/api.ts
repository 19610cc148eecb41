import type { Request as Asked, OperationId, Output } from '@latchkey/protocol';
import { type Client, createClient, LatchkeyApiError } from '@latchkey/sdk';
import {
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';

/** Shows the server that a request is the dashboard's own (docs/decisions/0012-dashboard.md). */
const ownRequest = { 'x-latchkey-dashboard': '1' };

function send(url: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    ...init,
    headers: { ...(init.headers as Record<string, string>), ...ownRequest },
    credentials: 'same-origin',
  });
}

/** The only thing here that talks to the server. */
export const client: Client = createClient({ baseUrl: window.location.origin, fetch: send });

/** Codes that say that nobody is signed in, or not any more. */
const signedOutCodes = new Set(['NOT_AUTHENTICATED', 'UNAUTHORIZED', 'SESSION_INVALID', 'OAUTH_REQUIRED']);

/** Whether the way on is to sign in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof LatchkeyApiError && signedOutCodes.has(error.code);
}

/** The client repeats what failed on its way by itself. */
export const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 10_000 }, mutations: { retry: false } },
});

/** What an operation answers, kept while it is shown. */
export function useAsked<Id extends OperationId>(
  id: Id,
  input: Asked<Id>,
  { every, enabled = true }: { every?: number; enabled?: boolean } = {},
): UseQueryResult<Output<Id>> {
  return useQuery({
    queryKey: [id, input],
    queryFn: ({ signal }) => client.callOrThrow(id, input, { signal }),
    enabled,
    ...(every !== undefined && { refetchInterval: every }),
  });
}

/**
 * Does an operation when asked to. What is shown is asked for anew afterwards, also when it failed: the answer may be
 * what was lost. A repetition that the person asks for is told from a new wish by its key.
 */
export function useAct<Id extends OperationId>(id: Id) {
  const shown = useQueryClient();
  return useMutation({
    mutationFn: (input: Asked<Id>) => client.callOrThrow(id, input, { idempotencyKey: crypto.randomUUID() }),
    onSettled: () => shown.invalidateQueries(),
  });
}

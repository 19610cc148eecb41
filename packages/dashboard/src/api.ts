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
 * Makes a change when asked to. What is shown is asked for anew afterwards, also when it failed: the answer may be
 * what was lost. `change` gets the key that tells a repetition from a new wish.
 */
export function useChange<Wanted, Result>(
  change: (wanted: Wanted, options: { idempotencyKey: string }) => Promise<Result>,
) {
  const shown = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Wanted) => change(wanted, { idempotencyKey: crypto.randomUUID() }),
    onSettled: () => shown.invalidateQueries(),
  });
}

/** Makes the change that an operation is. */
export function useAct<Id extends OperationId>(id: Id) {
  return useChange((input: Asked<Id>, options) => client.callOrThrow(id, input, options));
}

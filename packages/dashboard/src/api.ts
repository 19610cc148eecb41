import type { Request as Asked, OperationId, Output } from '@latchkey/protocol';
import { type Client, createClient, LatchkeyApiError, TransportError } from '@latchkey/sdk';
import {
  keepPreviousData,
  QueryCache,
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useRef } from 'react';

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

/** A session may end elsewhere: whoever learns of it first has the gate look again. */
function lookWhoIsThere(error: unknown): void {
  if (isSignedOut(error)) void queries.invalidateQueries({ queryKey: ['sessions.me'] });
}

/** The client repeats what failed on its way by itself; what cannot be sent fails, and is said, at once. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey: [id] }) => {
      if (id !== 'sessions.me') lookWhoIsThere(error);
    },
  }),
  defaultOptions: {
    queries: { retry: false, staleTime: 10_000, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** The question that an operation is, for whoever asks several at once. */
export function questionOf<Id extends OperationId>(id: Id, input: Asked<Id>) {
  return {
    queryKey: [id, input] as const,
    queryFn: ({ signal }: { signal: AbortSignal }): Promise<Output<Id>> =>
      client.callOrThrow(id, input, { signal }),
  };
}

/** Asked before anything is shown. */
export const whoIsThere = questionOf('sessions.me', {});

/** What an operation answers, kept while it is shown; `staysMeanwhile`: also until another question is answered. */
export function useAsked<Id extends OperationId>(
  id: Id,
  input: Asked<Id>,
  {
    every,
    enabled = true,
    staysMeanwhile = false,
  }: { every?: number; enabled?: boolean; staysMeanwhile?: boolean } = {},
): UseQueryResult<Output<Id>> {
  return useQuery({
    ...questionOf(id, input),
    enabled,
    ...(every !== undefined && { refetchInterval: every }),
    ...(staysMeanwhile && { placeholderData: keepPreviousData }),
  });
}

/** Shows an answer that a change came back with at once, as if it had been asked for. */
export function keep<Id extends OperationId>(id: Id, input: Asked<Id>, answer: Output<Id>): void {
  queries.setQueryData(questionOf(id, input).queryKey, answer);
}

/** Who is there, or why nobody is: that was asked before, and is not asked again to be shown. */
export function useWhoIsThere(): UseQueryResult<Output<'sessions.me'>> {
  return useQuery({ ...whoIsThere, retryOnMount: false });
}

/** Whether it is known that the session has ended; asks nothing by itself. */
export function useIsSessionOver(): boolean {
  return isSignedOut(useQuery({ ...whoIsThere, enabled: false }).error);
}

/** What was wanted last, and the name that it was sent by. */
interface Wish {
  readonly text: string;
  readonly idempotencyKey: string;
}

/** `crypto.randomUUID` is there only where the page came by TLS or from this machine. */
function newName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(36)).join('-');
}

/** Whether nobody knows what became of a change: no answer came, or only that the server failed. */
function isUnknown(error: unknown): boolean {
  return error instanceof TransportError || (error instanceof LatchkeyApiError && error.status >= 500);
}

/** Names a wish: what is asked for again after nobody knows what became of it is the same wish, and done once. */
function useWish() {
  const unknown = useRef<Wish>(undefined);
  return {
    nameOf(wanted: unknown): string {
      const text = JSON.stringify(wanted) ?? '';
      if (unknown.current?.text !== text) {
        unknown.current = { text, idempotencyKey: newName() };
      }
      return unknown.current.idempotencyKey;
    },
    /** An answer came, be it a refusal: whatever is asked for next is a new wish. */
    isAnswered(): void {
      unknown.current = undefined;
    },
  };
}

/**
 * Makes a change when asked to. What is shown is asked for anew afterwards, also when it failed: the answer may be
 * what was lost. `change` gets the key that tells a repetition from a new wish.
 */
export function useChange<Wanted, Result>(
  change: (wanted: Wanted, options: { idempotencyKey: string }) => Promise<Result>,
) {
  const shown = useQueryClient();
  const wish = useWish();
  return useMutation({
    mutationFn: (wanted: Wanted) => change(wanted, { idempotencyKey: wish.nameOf(wanted) }),
    onSettled: (_result, error) => {
      if (!isUnknown(error)) wish.isAnswered();
      // Not waited for: a secret that has just been made does not wait for a list of ten thousand.
      void shown.invalidateQueries();
    },
  });
}

/** Makes the change that an operation is. */
export function useAct<Id extends OperationId>(id: Id) {
  return useChange((input: Asked<Id>, options) => client.callOrThrow(id, input, options));
}

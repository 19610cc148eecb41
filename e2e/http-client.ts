import type { Envelope, OperationId, Output } from '@latchkey/protocol';

/** What an operation answered; `body` was parsed, not checked. */
export interface Answer<Data> {
  readonly status: number;
  readonly body: Envelope<Data>;
}

export interface CallOptions {
  readonly key?: string;
  /** The caller's address as a trusted proxy reports it. */
  readonly forwardedFor?: string;
  readonly method?: 'GET' | 'POST' | 'PATCH';
}

/** Calls a server over HTTP with nothing of ours in between. Rejects when the connection breaks. */
export async function call<Id extends OperationId>(
  _operation: Id,
  url: string,
  body?: unknown,
  { key, forwardedFor, method = 'POST' }: CallOptions = {},
): Promise<Answer<Output<Id>>> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Envelope<Output<Id>> };
}

/** The data of a successful answer; throws with what was answered otherwise. */
export function dataOf<Data>(answer: Answer<Data>): Data {
  if (answer.body.success) return answer.body.data;
  throw new Error(`refused with ${answer.status} ${JSON.stringify(answer.body.error)}`);
}

/** The error code of a refusal, or undefined of a success. */
export function codeOf(answer: Answer<unknown>): string | undefined {
  return answer.body.success ? undefined : answer.body.error.code;
}

import type { Answer } from './client.ts';

type Refusal = Extract<Answer<unknown>, { success: false }>;

/**
 * The server refused. `code` is one of the error table (docs/errors), or one that this version does not know;
 * `message` and `nextAction` are fit for a person.
 */
export class LatchkeyApiError extends Error {
  override readonly name = 'LatchkeyApiError';
  readonly code: Refusal['error']['code'];
  readonly status: number;
  readonly nextAction: string | undefined;
  readonly details: Refusal['error']['details'];
  /** What the operator of the server finds the request by. */
  readonly requestId: string;

  constructor({ error, status, requestId }: Refusal) {
    super(error.message);
    this.code = error.code;
    this.status = status;
    this.nextAction = error.nextAction;
    this.details = error.details;
    this.requestId = requestId;
  }
}

/**
 * What an answer brought.
 *
 * @throws {LatchkeyApiError} when it is a refusal.
 */
export function unwrap<Data>(answer: Answer<Data>): Data {
  if (answer.success) return answer.data;
  throw new LatchkeyApiError(answer);
}

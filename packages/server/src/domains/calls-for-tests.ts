import { routes } from '@latchkey/protocol';
import { expect } from 'vitest';
import type { Recorder } from './audit/index.ts';

/** Tests only: for a verb that is called past `perform`, and whose event no test looks at. */
export const silentRecorder: Recorder = {
  about: () => undefined,
  record: async () => undefined,
  takeBack: async () => undefined,
};

/** Tests only: what they say to a server, in this process or in another. */
export interface Callable<Answer> {
  call(path: string, options?: CallOptions): Promise<Answer>;
}

interface CallOptions {
  readonly body?: unknown;
  readonly key?: string;
  readonly from?: string;
}

type Purpose = 'signup' | 'login';

const pathsOf = (id: 'otp.requestSignup' | 'otp.requestLogin' | 'otp.completeSignup' | 'otp.completeLogin') =>
  [routes[id].path, routes[id].published.path] as const;

/** Both paths of each operation on emailed codes. */
export const codePaths = {
  request: { signup: pathsOf('otp.requestSignup'), login: pathsOf('otp.requestLogin') },
  complete: { signup: pathsOf('otp.completeSignup'), login: pathsOf('otp.completeLogin') },
} as const;

let addresses = 0;

/** A network address that nothing came from before, so that only a test that means to meets its limit. */
export function freshAddress(): string {
  addresses += 1;
  return `172.${16 + Math.floor(addresses / 65_536)}.${Math.floor(addresses / 256) % 256}.${addresses % 256}`;
}

/** Asks for a code from an address of its own. */
export function requestCode<Answer>(
  server: Callable<Answer>,
  purpose: Purpose,
  email: string,
  from = freshAddress(),
): Promise<Answer> {
  return server.call(codePaths.request[purpose][0], { body: { email }, from });
}

/** Presents a code. */
export function complete<Answer>(server: Callable<Answer>, purpose: Purpose, body: object): Promise<Answer> {
  return server.call(codePaths.complete[purpose][0], { body });
}

/** A well-formed code that is not this one; a different one for each `by` from 1 to 999,999. */
export function wrongCode(code: string, by = 1): string {
  return String((Number(code) + by) % 1_000_000).padStart(6, '0');
}

/** Text in which no brace was left unfilled. */
const filled = /^(?!.*\{[A-Za-z]+\}).+$/;

/** Status, code and details of a refusal, once it stands in the whole envelope. */
export function refusal(answer: { readonly status: number; readonly body: unknown }) {
  expect(answer.body).toEqual({
    success: false,
    error: {
      code: expect.any(String),
      message: expect.stringMatching(filled),
      nextAction: expect.stringMatching(filled),
      ...(hasDetails(answer.body) && { details: expect.any(Object) }),
    },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const { code, details } = (answer.body as { error: { code: string; details?: object } }).error;
  return { status: answer.status, code, ...(details && { details }) };
}

function hasDetails(body: unknown): boolean {
  return (body as { error?: { details?: unknown } } | null)?.error?.details !== undefined;
}

/** How often each outcome came: `OK` or the code of a refusal. */
export function outcomes(answers: readonly { readonly status: number; readonly body: unknown }[]) {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const { error } = body as { error?: { code: string } };
    const outcome = status === 200 ? 'OK' : (error?.code ?? String(status));
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** Calls a server in another process; one that trusts loopback as a proxy, so that `from` counts. */
export function overHttp(baseUrl: string) {
  return {
    async call(path: string, { body, key, from }: CallOptions = {}) {
      const headers = {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'x-process-manager-key': key }),
        ...(from !== undefined && { 'x-forwarded-for': from }),
      };
      const payload = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const answer = await fetch(`${baseUrl}${path}`, { headers, ...payload });
      return { status: answer.status, body: (await answer.json()) as { data?: unknown } };
    },
  };
}

/** Sixty-four at once. */
export async function together<Result>(work: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: 64 }, (_, index) => work(index)));
}

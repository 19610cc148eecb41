import type { Output } from '@latchkey/protocol';
import {
  createApp,
  createDeps,
  createLogger,
  type Deps,
  type Overrides,
  readSettings,
} from '@latchkey/server';
import type { EmptyStore } from './engines.ts';

/** A clock that only tests move. */
export interface TestClock {
  now(): number;
  elapsedMs(): number;
  advance(byMs: number): void;
}

/** Starts at a fixed instant, so that answers can be compared whole. */
export function createTestClock(startAt = Date.UTC(2026, 0, 1)): TestClock {
  let now = startAt;
  let elapsedMs = 0;
  return {
    now: () => now,
    elapsedMs: () => elapsedMs,
    advance: (byMs) => {
      now += byMs;
      // Set back, it is still later.
      elapsedMs += Math.max(byMs, 0);
    },
  };
}

/** One answer, parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every operation
  readonly body: any;
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  /** Sent as JSON unless it is a string, which is sent as it is. */
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Record<string, string>;
  /** The network address that the request comes from. */
  readonly from?: string;
}

/** A server in this process, on a real database, without a socket. */
export interface TestApp {
  readonly deps: Deps;
  readonly clock: TestClock;
  /** Every line that was logged, as it was written. */
  readonly logLines: string[];
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** The newest code that was mailed to an address; without SMTP settings only. */
  codeFor(email: string): string;
  /** Signs up and answers what the server answered. */
  signUp(email: string, organizationName?: string): Promise<Output<'otp.completeSignup'>>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: TestClock;
  readonly provisioners?: Overrides['provisioners'];
}

function contentOf({ body }: CallOptions): { payload?: string; headers?: Record<string, string> } {
  if (body === undefined) return {};
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  return { payload, headers: { 'content-type': 'application/json' } };
}

/** Starts the server of `createApp` on an empty or existing store; the clock stands still until it is moved. */
export async function startTestApp(store: EmptyStore, options: TestAppOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? createTestClock();
  const logLines: string[] = [];
  const settings = readSettings(
    { ...(store.databaseUrl && { LATCHKEY_DATABASE_URL: store.databaseUrl }), ...options.env },
    { dataDir: store.dataDir },
  );
  const log = createLogger('trace', { write: (line) => logLines.push(line) });
  const { provisioners } = options;
  const deps = await createDeps(settings, { clock, log, ...(provisioners && { provisioners }) });
  const app = await createApp(deps);
  let signUps = 0;

  async function call(path: string, given: CallOptions = {}): Promise<Answer> {
    const { payload, headers } = contentOf(given);
    const answer = await app.inject({
      method: given.method ?? (given.body === undefined ? 'GET' : 'POST'),
      url: path,
      headers: {
        ...headers,
        ...(given.key !== undefined && { 'x-process-manager-key': given.key }),
        ...given.headers,
      },
      ...(payload !== undefined && { payload }),
      ...(given.from !== undefined && { remoteAddress: given.from }),
    });
    const json = /^application\/(\S+\+)?json\b/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, headers: answer.headers, body: json ? answer.json() : answer.body };
  }

  function codeFor(email: string): string {
    const code = deps.localMailbox?.messagesFor(email)[0]?.code;
    if (code == null) throw new Error(`no code was mailed to ${email}`);
    return code;
  }

  async function signUp(email: string, organizationName?: string): Promise<Output<'otp.completeSignup'>> {
    signUps += 1;
    const from = `10.1.${Math.floor(signUps / 250)}.${1 + (signUps % 250)}`;
    const requested = await call('/v1/auth/signup/request', { body: { email }, from });
    if (requested.status !== 200) throw new Error(JSON.stringify(requested.body));
    const company = organizationName === undefined ? undefined : { name: organizationName };
    const body = { email, code: codeFor(email), company };
    const completed = await call('/v1/auth/signup/complete', { body, from });
    if (completed.status !== 200) throw new Error(JSON.stringify(completed.body));
    return completed.body.data;
  }

  return {
    deps,
    clock,
    logLines,
    call,
    codeFor,
    signUp,
    async close() {
      await app.close();
      await deps.close();
    },
  };
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OauthFlows, startTestApp, type TestApp } from '@latchkey/testkit';
import type { Run, RunOptions, TestUser } from './cli-for-tests.ts';

const minuteMs = 60_000;

/** What a person does on the sign-in page. */
export type Decision = 'allow' | 'deny';

/** A real server in this process that commands reach by the `fetch` they are given, and a clock for both. */
export interface TestServer {
  readonly app: TestApp;
  readonly flows: OauthFlows;
  readonly baseUrl: string;
  /** Every request that a command sent: `POST /oauth/token`. */
  readonly requests: string[];
  readonly fetch: typeof globalThis.fetch;
  /** Runs a command against it. */
  run(user: TestUser, line: string | readonly string[], options?: RunOptions): Promise<Run>;
  /** Opens an address as a browser does, signs in, joins wherever invited and decides; answers where the server sends the browser. */
  decide(url: string, email: string, decision: Decision): Promise<string>;
  /** A person whose browser allows everything: signs them in with the command. */
  login(user: TestUser, email: string, ...args: string[]): Promise<Run>;
  /** Makes an account; the code that it took is out of every count. */
  signUp(email: string, organization?: string): Promise<{ organizationId: string; apiKey: { raw: string } }>;
}

function fetchOf(app: TestApp, requests: string[]): typeof globalThis.fetch {
  return async (input, init) => {
    const { pathname, search } = new URL(String(input));
    requests.push(`${init?.method ?? 'GET'} ${pathname}`);
    const { body } = init ?? {};
    const answer = await app.call(pathname + search, {
      method: (init?.method ?? 'GET') as 'GET',
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(body != null && { body: String(body) }),
    });
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    const headers = { 'content-type': String(answer.headers['content-type']) };
    return new Response(answer.status === 204 ? null : text, { status: answer.status, headers });
  };
}

/** Starts one on SQLite. */
export async function startServerForCommands(): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-cli-server-'));
  const env = { LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:4700' };
  const app = await startTestApp({ engine: 'sqlite', dataDir, databaseUrl: undefined }, { env });
  const flows = new OauthFlows(app);
  const requests: string[] = [];
  const fetch = fetchOf(app, requests);
  const server: TestServer = {
    app,
    flows,
    baseUrl: flows.issuer,
    requests,
    fetch,
    run: (user, line, options) => user.run(line, { fetch, now: new Date(app.clock.now()), ...options }),
    async decide(url, email, decision) {
      app.clock.advance(minuteMs);
      const visitor = flows.visitor();
      await visitor.open(url.slice(flows.issuer.length));
      await flows.signIn(visitor, email);
      const boxes = [...visitor.page.matchAll(/name="(join\.[^"]+)"/g)].map(([, name = '']) => [name, 'yes']);
      await visitor.submit('/consent', { ...Object.fromEntries(boxes), decision });
      return visitor.leftTo ?? '';
    },
    login: (user, email, ...args) =>
      server.run(user, ['login', '--browser', ...args], {
        browser: async (url) => globalThis.fetch(await server.decide(url, email, 'allow')),
      }),
    async signUp(email, organization = 'Acme') {
      const made = await app.signUp(email, organization);
      app.clock.advance(minuteMs);
      return made;
    },
  };
  return server;
}

import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { allScopes, type Output } from '@latchkey/protocol';
import { type EmptyStore, startTestApp, type TestApp, type TestClock } from '@latchkey/testkit';
import { createApp } from '../../app.ts';
import { startTarget } from '../../engines/http/engine-for-tests.ts';
import { made } from '../instances/instances-for-tests.ts';
import { mintKey } from '../keys/index.ts';
import { foundTeam, must, type Team } from '../people-for-tests.ts';

/** Tests only: what reached the target. */
export interface Delivered {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into what their own payloads became
  readonly body: any;
}

/** A request as it goes over the socket. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Several pieces are sent as chunks. */
  readonly body?: string | Buffer | readonly Buffer[];
}

export interface DoorAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every kind
  readonly body: any;
}

export type Made = Output<'instances.create'>;

/** A server on a socket, two organizations and a target that says what it got. */
export interface DoorStage {
  readonly app: TestApp;
  readonly baseUrl: string;
  readonly acme: Team;
  readonly rival: Team;
  /** Oldest first. */
  readonly delivered: readonly Delivered[];
  /** An instance of the team with the workflows `main` and `other`, both at the target. */
  create(team: Team, settings?: object): Promise<Made>;
  /** An organization key of the team. */
  mint(team: Team, scopes?: readonly string[]): Promise<Output<'keys.createForOrganization'>>;
  /** Sends to a path just as it is written. */
  send(path: string, sent?: Sent): Promise<DoorAnswer>;
  /** Resolves when everything that was accepted has been handed on. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  return Buffer.concat(await answer.toArray()).toString();
}

/** One request on a connection of its own; neither its path nor its body is touched. */
export async function exchange(baseUrl: string, path: string, sent: Sent = {}): Promise<DoorAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const { body = [], headers = {} } = sent;
  const method = sent.method ?? (sent.body === undefined ? 'GET' : 'POST');
  const request = httpRequest({ hostname, port, path, method, headers: headers as never, agent: false });
  const pieces = Array.isArray(body) ? (body as Buffer[]) : [Buffer.from(body as string)];
  if (pieces.length === 1) request.end(pieces[0]);
  else {
    for (const piece of pieces) request.write(piece);
    request.end();
  }
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const text = await textOf(answer);
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  const { statusCode: status = 0, headers: answered } = answer;
  return { status, headers: answered, text, body: isJson && text !== '' ? JSON.parse(text) : undefined };
}

/** Founds an organization; its owner calls with a key, since sessions end within minutes of the test clock. */
async function foundLasting(app: TestApp, email: string): Promise<Team> {
  const { organizationId, owner } = await foundTeam(app, email);
  const request = {
    family: 'personal',
    name: 'Owner',
    description: '',
    scopes: allScopes,
    organizationId: null,
    userId: owner.userId,
    expiresAt: null,
  } as const;
  const { deps, clock } = app;
  const { secret: token } = await deps.store.write((trx) => mintKey(trx, deps, request, clock.now()));
  return { organizationId, owner: { ...owner, token } };
}

/** Another process's server, as far as one process can be two: it has nothing in common but the store and the clock. */
export async function startBeside(
  store: EmptyStore,
  clock: TestClock,
): Promise<{ readonly baseUrl: string; close(): Promise<void> }> {
  const app = await startTestApp(store, { clock });
  const http = await createApp(app.deps);
  return {
    baseUrl: await http.listen({ host: '127.0.0.1', port: 0 }),
    async close() {
      await http.close();
      await app.close();
    },
  };
}

/** Starts one; the clock stands still until it is moved. */
export async function startDoor(store: EmptyStore, clock?: TestClock): Promise<DoorStage> {
  const app = await startTestApp(store, clock && { clock });
  const http = await createApp(app.deps);
  const baseUrl = await http.listen({ host: '127.0.0.1', port: 0 });
  app.deps.setListening(baseUrl);
  const delivered: Delivered[] = [];
  const target = await startTarget(async (request, response) => {
    const { url = '', headers } = request;
    delivered.push({ url, headers, body: await json(request) });
    response.setHeader('content-type', 'application/json').end('{"done":true}');
  });
  const workflows = ['main', 'other'].map((workflowId) => ({ workflowId, targetUrl: `${target.url}/run` }));
  return {
    app,
    baseUrl,
    acme: await foundLasting(app, 'owner@acme.example'),
    rival: await foundLasting(app, 'owner@rival.example'),
    delivered,
    create: (team, settings = {}) => made(app, team, team.owner, { workflows, ...settings }),
    mint: ({ organizationId, owner }, scopes = ['workflows:trigger']) =>
      must(app, 'keys.createForOrganization', { organizationId, name: 'CI', scopes }, owner.token),
    send: (path, sent) => exchange(baseUrl, path, sent),
    settled: () => app.deps.dispatcher.settled(),
    async close() {
      await http.close();
      await app.close();
      await target.close();
    },
  };
}

/** Both spellings of the paths of the door. */
export const triggerPaths = ['/webhook', '/triggerwebhookpublic'] as const;
export const statusPaths = ['/status', '/getexecutionstatuspublic'] as const;

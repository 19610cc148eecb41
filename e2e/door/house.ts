import type { Output } from '@latchkey/protocol';
import { type EmptyStore, type ServerProcess, startServer } from '@latchkey/testkit';
import { type Database, openDatabase } from '../database.ts';
import { call, dataOf } from '../http-client.ts';
import { codeOf } from '../oauth/person.ts';
import type { Target } from './target.ts';

/** An execution as it stands in the database. */
export interface StoredExecution {
  readonly id: string;
  readonly workflow_id: string;
  readonly status: string;
  readonly attempts: number;
  /** When it is to be handed to its target; null while that has it, or once it has ended. */
  readonly due_at: number | string | null;
  /** JSON of the error; null where there is none. */
  readonly error: string | null;
}

/** A server that is killed and comes back on the same store, with an instance of one organization. */
export interface House {
  /** The server that is up; where there is none at the moment, the next one. */
  server(): Promise<ServerProcess>;
  /** SIGKILL, or SIGTERM, which answers the exit code; whoever asks for the server waits from now on. */
  kill(): Promise<void>;
  stop(): Promise<number | null>;
  start(): Promise<void>;
  /** Triggers a workflow; the id of the execution that was acknowledged. Rejects with TypeError where none was. */
  trigger(workflowId: string): Promise<string>;
  executions(): Promise<StoredExecution[]>;
  close(): Promise<void>;
}

interface WorkflowWanted {
  readonly workflowId: string;
  readonly targetUrl: string;
  readonly [setting: string]: unknown;
}

async function makeInstance(baseUrl: string, workflows: readonly WorkflowWanted[]) {
  const email = 'owner@example.test';
  const auth = `${baseUrl}/v1/auth/signup`;
  dataOf(await call('otp.requestSignup', `${auth}/request`, { email }));
  const code = await codeOf(baseUrl, email);
  const signedUp = dataOf(await call('otp.completeSignup', `${auth}/complete`, { email, code }));
  const wanted = { organizationId: signedUp.organizationId, title: 'Orders', workflows };
  const key = signedUp.apiKey.raw;
  return dataOf(await call('instances.create', `${baseUrl}/v1/instances`, wanted, { key }));
}

/** Triggers as any program does, and reads the flat answer (contract/codika.md E.3). */
async function sendTrigger(
  baseUrl: string,
  { processInstanceId, apiKey }: Output<'instances.create'>,
  workflowId: string,
): Promise<string> {
  const answer = await fetch(`${baseUrl}/webhook/${processInstanceId}/${workflowId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ payload: { order: 1 } }),
  });
  const told = (await answer.json()) as { readonly success: boolean; readonly executionId: string };
  if (!told.success) throw new Error(`refused with ${answer.status} ${JSON.stringify(told)}`);
  return told.executionId;
}

/** Starts a server on a store and makes its instance; the target is told where to report. */
export async function openHouse(
  store: EmptyStore,
  target: Target,
  workflows: readonly WorkflowWanted[],
): Promise<House> {
  let next = Promise.withResolvers<ServerProcess>();
  let current: ServerProcess | undefined;

  async function start(): Promise<void> {
    current = await startServer(store);
    target.reportTo(current.baseUrl);
    next.resolve(current);
  }

  function takeDown(): ServerProcess | undefined {
    const down = current;
    current = undefined;
    next = Promise.withResolvers();
    return down;
  }

  await start();
  const first = await next.promise;
  const instance = await makeInstance(first.baseUrl, workflows);
  const database: Database = await openDatabase(store);
  return {
    start,
    server: () => next.promise,
    async kill() {
      await takeDown()?.kill();
    },
    async stop() {
      return (await takeDown()?.stop()) ?? null;
    },
    async trigger(workflowId) {
      const { baseUrl } = await next.promise;
      return sendTrigger(baseUrl, instance, workflowId);
    },
    executions: () =>
      database.rows('select id, workflow_id, status, attempts, due_at, error from executions'),
    async close() {
      await database.close();
      await takeDown()?.kill();
      await target.kill();
    },
  };
}

import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Output } from '@latchkey/protocol';
import type { TestApp } from '@latchkey/testkit';
import { expect } from 'vitest';
import { startTarget, type TestTarget } from '../../engines/http/engine-for-tests.ts';
import { made } from '../instances/instances-for-tests.ts';
import { createByOperator } from '../keys/index.ts';
import { foundTeam, must, type Team } from '../people-for-tests.ts';
import { executionSecretOf } from './execution-secret.ts';
import { type ExecutionRow, findExecution } from './executions.sql.ts';

/** Tests only: one call of a target. */
export interface ReceivedCall {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every kind
  readonly body: any;
}

export interface RecordingTarget extends TestTarget {
  /** In the order in which they arrived. */
  readonly calls: readonly ReceivedCall[];
}

/** Answers a call; the response must be ended, or the connection destroyed. */
export type Answer = (response: ServerResponse, call: ReceivedCall) => void | Promise<void>;

/** A target that answers `{"done":true}` unless told otherwise. */
export async function recordingTarget(
  answer: Answer = (response) => answerJson(response, { done: true }),
  port = 0,
): Promise<RecordingTarget> {
  const calls: ReceivedCall[] = [];
  const target = await startTarget(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const call = { headers: request.headers, text, body: JSON.parse(text) };
    calls.push(call);
    await answer(response, call);
  }, port);
  return { ...target, calls };
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A port at which nothing listens, and how to change that. */
export async function unusedPort(): Promise<number> {
  const target = await startTarget(() => {});
  await target.close();
  return target.port;
}

export type Instance = Output<'instances.create'>;

/** A server with an organization, and what its tests do with an instance. */
export interface Stage {
  readonly app: TestApp;
  /** Its owner acts by a personal key, which does not expire however far the clock is moved. */
  readonly team: Team;
  /** An instance with one workflow `main`, and more settings where they are given. */
  instance(workflow: object, settings?: object): Promise<Instance>;
  /** Triggers `main`; answers the execution's id. */
  trigger(instance: Instance, body?: object): Promise<string>;
  row(executionId: string): Promise<ExecutionRow>;
  /** What the status says, once it has the form that it must have. */
  status(instance: Instance, executionId: string): Promise<Output<'gateway.status'>['execution']>;
  /** All that the owner is told. */
  read(instance: Instance, executionId: string): Promise<Output<'executions.get'>['execution']>;
  /** Reports as the workflow does, with the right secret unless told. */
  report(what: 'result' | 'error', executionId: string, fields: object): ReturnType<TestApp['call']>;
  /** Moves the clock, dispatches what is due by then and waits until nothing is under way. */
  pass(byMs: number): Promise<void>;
  update(instance: Instance, change: object): Promise<void>;
  pause(instance: Instance): Promise<void>;
}

let stages = 0;

/** Founds an organization on a server. */
export async function stageOn(app: TestApp): Promise<Stage> {
  stages += 1;
  const founded = await foundTeam(app, `owner@stage${stages}.example`);
  const { email } = founded.owner;
  const scopes = ['instances:manage', 'executions:read'];
  const key = await createByOperator(app.deps, { family: 'personal', email, name: 'Stage', scopes });
  const team = { ...founded, owner: { ...founded.owner, token: key.apiKey } };
  const { store, dispatcher, secrets } = app.deps;

  async function row(executionId: string): Promise<ExecutionRow> {
    const found = await findExecution(store.db, executionId);
    if (found === undefined) throw new Error(`no execution ${executionId}`);
    return found;
  }

  return {
    app,
    team,
    row,
    instance: (workflow, settings = {}) =>
      made(app, team, team.owner, { ...settings, workflows: [{ workflowId: 'main', ...workflow }] }),
    async trigger({ processInstanceId, apiKey }, body = {}) {
      const headers = { 'x-api-key': apiKey };
      const answer = await app.call(`/webhook/${processInstanceId}/main`, { body, headers });
      expect(answer.body).toMatchObject({ success: true });
      return answer.body.executionId;
    },
    async status({ processInstanceId, apiKey }, executionId) {
      const headers = { 'x-api-key': apiKey };
      const answer = await app.call(`/status/${processInstanceId}/${executionId}`, { headers });
      expect(answer.body).toMatchObject({ success: true, execution: { executionId } });
      return answer.body.execution;
    },
    async read({ processInstanceId }, executionId) {
      const asked = { processInstanceId, executionId };
      return (await must(app, 'executions.get', asked, key.apiKey)).execution;
    },
    report(what, executionId, fields) {
      const executionSecret = executionSecretOf(secrets, executionId);
      return app.call(`/v1/executions/${what}`, { body: { executionId, executionSecret, ...fields } });
    },
    async pass(byMs) {
      app.clock.advance(byMs);
      await dispatcher.lookAround();
      await dispatcher.settled();
    },
    async update({ processInstanceId }, change) {
      await must(app, 'instances.update', { processInstanceId, ...change }, key.apiKey);
    },
    async pause({ processInstanceId }) {
      await must(app, 'instances.deactivate', { processInstanceId }, key.apiKey);
    },
  };
}

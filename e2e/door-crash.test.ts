import { randomInt } from 'node:crypto';
import { describeEachEngine, type EmptyStore } from '@latchkey/testkit';
import { expect, it } from 'vitest';
import { type House, openHouse, type StoredExecution } from './door/house.ts';
import { createTarget, type Notes, type Target } from './door/target.ts';

const callers = 4;
const timeoutSeconds = 3;
const targetPorts = 6;

/** At each address of the target one of either mode, which bears repetition or does not. */
function workflowsAt({ urls }: Target) {
  return urls.flatMap((url, at) =>
    ['sync', 'callback'].flatMap((mode) =>
      [false, true].map((idempotent) => ({
        workflowId: `${mode}-${idempotent ? 'often' : 'once'}-${at}`,
        targetUrl: `${url}/${mode}`,
        mode,
        idempotent,
        timeoutSeconds,
      })),
    ),
  );
}

/** What callers were promised: the ids of executions whose acknowledgement arrived. */
class Ledger {
  readonly acknowledged: string[] = [];
  isClosed = false;
  #waiting: { readonly count: number; resolve(): void } | undefined;

  add(executionId: string): void {
    this.acknowledged.push(executionId);
    if (this.acknowledged.length >= (this.#waiting?.count ?? Number.POSITIVE_INFINITY))
      this.#waiting?.resolve();
  }

  /** Resolves at the moment when so many more are there. */
  more(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { count: this.acknowledged.length + count, resolve };
    });
  }
}

/** Triggers until the ledger is closed. Anything but a broken connection is a failure of the test. */
async function useDoor(house: House, workflowIds: readonly string[], ledger: Ledger): Promise<void> {
  while (!ledger.isClosed) {
    try {
      ledger.add(await house.trigger(workflowIds[randomInt(workflowIds.length)] ?? ''));
    } catch (error) {
      // Undici says this of every connection that broke, whether before or within the answer.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}

/** Kills the target, the server or both in the middle of load; what was killed is back when it resolves. */
async function crash(round: number, house: House, target: Target, ledger: Ledger): Promise<void> {
  const victims = [[target], [house], [house, target]][round % 3] ?? [];
  await ledger.more(randomInt(1, 40));
  await Promise.all(
    victims.map(async (victim) => {
      await victim.kill();
      await victim.start();
    }),
  );
}

const errorTypes = ['node_failure', 'external_api_error', 'timeout'];

function expectEnded({ status, error }: StoredExecution): void {
  expect(['success', 'failed']).toContain(status);
  if (status === 'failed') expect(errorTypes).toContain(JSON.parse(error ?? '{}').type);
}

/** What may have happened at the target to an execution that has ended like this. */
function expectToHaveRun({ workflow_id, status }: StoredExecution, notes: Notes): void {
  const starts = notes.filter((each) => each === 'started').length;
  if (workflow_id.includes('-once-')) expect(starts).toBeLessThanOrEqual(1);
  if (status === 'success') expect(starts).toBeGreaterThanOrEqual(1);
  const acknowledgedAt = notes.indexOf('acknowledged');
  if (acknowledgedAt === -1) return;
  expect(status).toBe('success');
  expect(notes.slice(acknowledgedAt + 1)).not.toContain('started');
  expect(notes.filter((each) => each === 'acknowledged')).toHaveLength(1);
}

async function crashRounds(store: EmptyStore, rounds: number): Promise<void> {
  const target = createTarget(targetPorts);
  await target.start();
  const workflows = workflowsAt(target);
  const house = await openHouse(store, target, workflows);
  const ids = workflows.map(({ workflowId }) => workflowId);
  const ledger = new Ledger();
  try {
    const load = Array.from({ length: callers }, () => useDoor(house, ids, ledger));
    for (let round = 1; round <= rounds; round += 1) await crash(round, house, target, ledger);
    ledger.isClosed = true;
    await Promise.all(load);
    const pending = async () =>
      (await house.executions()).filter(({ status }) => status === 'pending').length;
    await expect.poll(pending, { timeout: 20_000, interval: 100 }).toBe(0);
    const executions = new Map((await house.executions()).map((each) => [each.id, each]));
    const notes = target.notes();
    for (const id of ledger.acknowledged) expect(executions.has(id)).toBe(true);
    for (const execution of executions.values()) {
      expectEnded(execution);
      expectToHaveRun(execution, notes.get(execution.id) ?? []);
    }
    // Otherwise the crashes came when nothing was under way, or nothing ever was, and have proved nothing.
    const count = (status: string) =>
      [...executions.values()].filter((each) => each.status === status).length;
    expect(ledger.acknowledged.length).toBeGreaterThanOrEqual(rounds);
    expect(count('success')).toBeGreaterThan(rounds);
    expect(count('failed')).toBeGreaterThan(rounds / 4);
    expect(await house.stop()).toBe(0);
  } finally {
    ledger.isClosed = true;
    await house.close();
  }
}

describeEachEngine('a server and a target that are killed in the middle of triggers', (open, engine) => {
  const rounds = engine === 'sqlite' ? 20 : 10;
  it(`end every acknowledged execution, and run none twice that must not, over ${rounds} rounds`, async () => {
    await crashRounds(await open(), rounds);
  }, 200_000);
});

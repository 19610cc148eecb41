import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, openHouse, type StoredExecution } from './door/house.ts';
import { createTarget, type Target } from './door/target.ts';

const soon = { timeout: 20_000, interval: 100 };

describeEachEngine('a door that goes down and comes back', (open) => {
  let house: House;
  let target: Target;
  beforeAll(async () => {
    target = createTarget();
    const [url = ''] = target.urls;
    const workflow = (workflowId: string, timeoutSeconds: number, settings: object = {}) => ({
      workflowId,
      targetUrl: `${url}/${workflowId}`,
      timeoutSeconds,
      ...settings,
    });
    house = await openHouse(await open(), target, [
      workflow('sync', 60),
      workflow('callback', 60, { mode: 'callback' }),
      workflow('slow', 60),
      workflow('never', 2),
      workflow('endless', 13, { targetUrl: `${url}/never` }),
    ]);
  });
  afterAll(() => house.close());

  /** In the order of the ids. */
  async function stored(ids: readonly string[]): Promise<StoredExecution[]> {
    const all = new Map((await house.executions()).map((each) => [each.id, each]));
    return ids.flatMap((id) => all.get(id) ?? []);
  }

  async function trigger(workflowId: string, count: number): Promise<string[]> {
    return await Promise.all(Array.from({ length: count }, () => house.trigger(workflowId)));
  }

  const statuses = async (ids: readonly string[]) => (await stored(ids)).map(({ status }) => status);
  const startsOf = (id: string) =>
    target
      .notes()
      .get(id)
      ?.filter((each) => each === 'started').length ?? 0;

  it('hands on after a kill what it had accepted and could not hand on, each once', async () => {
    const ids = [...(await trigger('sync', 2)), ...(await trigger('callback', 2))];
    // What is being called at the very moment of the kill might have been run, and is not handed on again.
    const areTriedAndDue = async () =>
      (await stored(ids)).every(({ attempts, due_at }) => attempts > 0 && due_at !== null);
    await expect.poll(areTriedAndDue, { ...soon, interval: 5 }).toBe(true);
    await house.kill();
    expect(await statuses(ids)).toEqual(ids.map(() => 'pending'));
    await target.start();
    await house.start();
    await expect.poll(() => statuses(ids), soon).toEqual(ids.map(() => 'success'));
    expect(ids.map(startsOf)).toEqual(ids.map(() => 1));
  });

  it('does not run again what was running when it was killed, and ends it when its time is over', async () => {
    const [id = ''] = await trigger('never', 1);
    await expect.poll(() => startsOf(id), soon).toBe(1);
    await house.kill();
    await house.start();
    await expect.poll(() => statuses([id]), soon).toEqual(['failed']);
    expect(JSON.parse((await stored([id]))[0]?.error ?? '{}')).toMatchObject({ type: 'timeout' });
    expect(startsOf(id)).toBe(1);
  });

  it('waits at SIGTERM for what is running, writes it down and ends with 0', async () => {
    const ids = await trigger('slow', 8);
    await expect.poll(() => ids.map(startsOf), soon).toEqual(ids.map(() => 1));
    expect(await house.stop()).toBe(0);
    expect(await statuses(ids)).toEqual(ids.map(() => 'success'));
    await house.start();
  });

  it('waits at SIGTERM for ten seconds, ends with 0 whatever still runs, and ends that after it is back', async () => {
    const [id = ''] = await trigger('endless', 1);
    await expect.poll(() => startsOf(id), soon).toBe(1);
    expect(await house.stop()).toBe(0);
    expect(await statuses([id])).toEqual(['pending']);
    await house.start();
    await expect.poll(() => statuses([id]), soon).toEqual(['failed']);
    expect(startsOf(id)).toBe(1);
  });

  it('leaves at SIGTERM what it has not begun, and hands it on when it is back', async () => {
    await target.kill();
    const ids = await trigger('sync', 3);
    expect(await house.stop()).toBe(0);
    await target.start();
    await house.start();
    await expect.poll(() => statuses(ids), { ...soon, timeout: 40_000 }).toEqual(ids.map(() => 'success'));
    expect(ids.map(startsOf)).toEqual(ids.map(() => 1));
  });
});

import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { minuteMs } from '../../platform/clock.ts';
import { refusal } from '../calls-for-tests.ts';
import { ask, foundTeam, must, signedIn } from '../people-for-tests.ts';

describeEachEngine('signing out', (open) => {
  let app: TestApp;
  let count = 0;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  /** Somebody who is signed in twice; the newer session first. */
  async function twice(): Promise<[string, string]> {
    count += 1;
    const { owner } = await foundTeam(app, `ann-${count}@example.com`);
    app.clock.advance(minuteMs);
    return [(await signedIn(app, owner.email)).token, owner.token];
  }
  const isOver = async (token: string) => {
    const answer = await ask(app, 'sessions.me', {}, token);
    return answer.status === 401 && refusal(answer).code === 'SESSION_INVALID';
  };

  it('is told of each session, and which one asks', async () => {
    const [newer, older] = await twice();
    const { sessions } = await must(app, 'sessions.list', {}, older);
    expect(sessions).toHaveLength(2);
    expect(sessions.map(({ isCurrent }) => isCurrent)).toEqual([false, true]);
    expect(sessions[0]).toMatchObject({ client: 'latchkey-cli' });
    const times = sessions.map(({ signedInAt }) => signedInAt);
    expect(times).toEqual(times.toSorted().reverse());
    expect((await must(app, 'sessions.list', {}, newer)).sessions[0]?.isCurrent).toBe(true);
  });

  it('ends the session that asks, and leaves the others', async () => {
    const [newer, older] = await twice();
    expect(await must(app, 'sessions.end', {}, newer)).toEqual({ ended: true });
    expect(await isOver(newer)).toBe(true);
    expect(await isOver(older)).toBe(false);
  });

  it('ends another session of the same person, once', async () => {
    const [newer, older] = await twice();
    const { sessions } = await must(app, 'sessions.list', {}, newer);
    const input = { sessionId: sessions.find(({ isCurrent }) => !isCurrent)?.sessionId };
    expect(await must(app, 'sessions.end', input, newer)).toEqual({ ended: true });
    expect(await isOver(older)).toBe(true);
    expect(await must(app, 'sessions.end', input, newer)).toEqual({ ended: false });
  });

  it('ends nothing of somebody else', async () => {
    const [mine] = await twice();
    const [theirs] = await twice();
    const { sessions } = await must(app, 'sessions.list', {}, theirs);
    const input = { sessionId: sessions[0]?.sessionId };
    expect(await must(app, 'sessions.end', input, mine)).toEqual({ ended: false });
    expect(await isOver(theirs)).toBe(false);
  });

  it('ends everything at once, whoever else does the same', async () => {
    const [newer, older] = await twice();
    const all = await Promise.all(
      Array.from({ length: 64 }, (_, index) => ask(app, 'sessions.endAll', {}, index % 2 ? newer : older)),
    );
    const counts = all.map(({ status, body }) => (status === 200 ? body.data.endedCount : 0));
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(2);
    expect(await isOver(newer)).toBe(true);
    expect(await isOver(older)).toBe(true);
  });
});

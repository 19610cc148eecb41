import type { KeyBudget, KeyLimit, Output } from '@latchkey/protocol';
import {
  createTestClock,
  describeEachEngine,
  type EmptyStore,
  startTestApp,
  type TestApp,
} from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal, together } from '../calls-for-tests.ts';
import { ask, foundTeam, must, type Team } from '../people-for-tests.ts';
import { tableText } from '../rows-for-tests.sql.ts';
import { verify as verifyKey } from './verify.ts';

type Verdict = Output<'keys.verify'>;

interface Bound {
  readonly limits?: readonly KeyLimit[];
  readonly budget?: KeyBudget;
}

const perMinute = (requests: number, counting: KeyLimit['counting'] = 'exact'): KeyLimit[] => [
  { requests, windowSeconds: 60, counting },
];

describeEachEngine('a verification that is counted', (open) => {
  let store: EmptyStore;
  let app: TestApp;
  let team: Team;
  let verifier: string;
  beforeAll(async () => {
    store = await open();
    app = await startTestApp(store);
    team = await foundTeam(app, 'owner@counted.example');
    verifier = (await minted({}, ['keys:verify'])).apiKey;
  });
  afterAll(() => app.close());

  async function minted(bound: Bound, scopes = ['workflows:trigger']) {
    const { organizationId, owner } = team;
    const request = { organizationId, name: 'Counted', scopes, ...bound };
    return must(app, 'keys.createForOrganization', request, owner.token);
  }

  async function verify(key: string, question: object = {}, at = app): Promise<Verdict> {
    return must(at, 'keys.verify', { key, ...question }, verifier);
  }

  function counts(verdicts: readonly Verdict[]): Record<string, number> {
    const counted: Record<string, number> = {};
    for (const { code } of verdicts) counted[code] = (counted[code] ?? 0) + 1;
    return counted;
  }

  const counted = () => tableText(app.deps.store, 'key_uses');

  it('says what is left, and once nothing is, that it is refused and until when', async () => {
    const { apiKey } = await minted({ limits: perMinute(2), budget: { total: 5, counting: 'exact' } });
    const left = { limit: 2, windowSeconds: 60, resetSeconds: 60 };
    expect(await verify(apiKey)).toMatchObject({
      valid: true,
      rateLimit: { ...left, remaining: 1 },
      budget: { total: 5, remaining: 4 },
    });
    await verify(apiKey);
    expect(await verify(apiKey)).toMatchObject({
      valid: false,
      code: 'RATE_LIMITED',
      rateLimit: { ...left, remaining: 0 },
      budget: { total: 5, remaining: 3 },
    });
    app.clock.advance(60_000);
    expect(await verify(apiKey, { cost: 4 })).toMatchObject({ valid: false, code: 'USAGE_EXCEEDED' });
  });

  it('counts nothing where it is refused for another reason', async () => {
    const { apiKey } = await minted({ limits: perMinute(1) });
    const before = await counted();
    expect(await verify(apiKey, { allScopes: ['api-keys:manage'] })).toMatchObject({ code: 'SCOPE_MISSING' });
    expect(await counted()).toBe(before);
    expect(await verify(apiKey)).toMatchObject({ code: 'VALID' });
  });

  it('is accepted exactly as often as the limit says, of 64 at once and of many in one call', async () => {
    const single = await minted({ limits: perMinute(40) });
    expect(counts(await together(() => verify(single.apiKey)))).toEqual({ VALID: 40, RATE_LIMITED: 24 });
    const many = await minted({ limits: perMinute(60) });
    const questions = Array.from({ length: 100 }, () => ({ key: many.apiKey }));
    const { verdicts } = await must(app, 'keys.verifyMany', { questions }, verifier);
    expect(counts(verdicts)).toEqual({ VALID: 60, RATE_LIMITED: 40 });
  });

  it('goes by new limits at once, and by what was counted before', async () => {
    const { keyId, apiKey } = await minted({ limits: perMinute(1000, 'fast') });
    await together(() => verify(apiKey));
    const { token } = team.owner;
    await must(app, 'keys.update', { keyId, limits: perMinute(65) }, token);
    expect([await verify(apiKey), await verify(apiKey)].map(({ code }) => code)).toEqual([
      'VALID',
      'RATE_LIMITED',
    ]);
    await must(app, 'keys.update', { keyId, limits: null }, token);
    expect(await verify(apiKey)).toMatchObject({ code: 'VALID', rateLimit: null });
  });

  it('is not touched by anything that is done to the key', async () => {
    const { keyId, apiKey } = await minted({
      limits: perMinute(10),
      budget: { total: 100, counting: 'exact' },
    });
    await verify(apiKey);
    const before = await counted();
    const { token } = team.owner;
    await must(app, 'keys.update', { keyId, name: 'Renamed', limits: perMinute(20) }, token);
    await must(app, 'keys.disable', { keyId }, token);
    await must(app, 'keys.enable', { keyId }, token);
    await must(app, 'keys.listOfOrganization', { organizationId: team.organizationId }, token);
    expect(await counted()).toBe(before);
  });

  it('goes on where a server is started again', async () => {
    const { apiKey } = await minted({ limits: perMinute(3), budget: { total: 4, counting: 'exact' } });
    await verify(apiKey, { cost: 2 });
    const other = await startTestApp(store, { clock: createTestClock(app.clock.now()) });
    expect(await verify(apiKey, {}, other)).toMatchObject({ valid: true, budget: { remaining: 1 } });
    expect(await verify(apiKey, {}, other)).toMatchObject({ code: 'RATE_LIMITED' });
    await other.close();
  });

  it('gives a verifier that keeps what it is told units of its own, where all is counted fast', async () => {
    const ask = async (key: string, name?: string) =>
      (await verifyKey(app.deps, team.organizationId, { key, cost: 1, verifier: name })).use;
    const fast = await minted({ limits: perMinute(1000, 'fast') });
    const unitsUntil = app.clock.now() + 5_000;
    expect(await ask(fast.apiKey, 'orders-1')).toMatchObject({ units: 1, unitsUntil });
    expect(await ask(fast.apiKey, 'orders-1')).toMatchObject({ units: 2, unitsUntil });
    expect(await ask(fast.apiKey)).toMatchObject({ units: 0, rateLimit: { remaining: 1000 - 6 } });
    const exact = await minted({ limits: perMinute(1000) });
    expect(await ask(exact.apiKey, 'orders-1')).toMatchObject({ units: 0, unitsUntil: null });
  });

  it('is not asked of limits that cannot all be in force', async () => {
    const { organizationId, owner } = team;
    const limits = [...perMinute(5), ...perMinute(10)];
    const request = { organizationId, name: 'Twice', scopes: ['workflows:trigger'], limits };
    expect(refusal(await ask(app, 'keys.createForOrganization', request, owner.token)).code).toBe(
      'INVALID_REQUEST',
    );
  });
});

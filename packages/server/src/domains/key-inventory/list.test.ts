import type { Output, Request } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayMs, hourMs } from '../../platform/clock.ts';
import { refusal } from '../calls-for-tests.ts';
import { made } from '../instances/instances-for-tests.ts';
import { ask, foundTeam, joined, must, type Person } from '../people-for-tests.ts';
import { removeMember } from '../rows-for-tests.sql.ts';

type Asked = Omit<Request<'keys.inventory'>, 'organizationId'>;
type Listed = Output<'keys.inventory'>['keys'];

describeEachEngine('the inventory of keys', (open) => {
  let app: TestApp;
  let organizationId: string;
  let owner: Person;
  let developer: Person;
  /** Minted by whoever has left since. */
  let leaver: Person;

  beforeAll(async () => {
    app = await startTestApp(await open());
    ({ organizationId, owner } = await foundTeam(app, 'owner@example.com'));
    developer = await joined(app, organizationId, 'dev@example.com', 'developer');
    leaver = await joined(app, organizationId, 'leaver@example.com', 'admin');
    const place = { organizationId, environment: 'dev' } as const;
    const mint = async (name: string, more: object, by = owner) => {
      app.clock.advance(1000);
      const input = { organizationId, name, scopes: ['projects:read'], ...more };
      return must(app, 'keys.createForOrganization', input, by.token);
    };
    await mint('100% deploys', {});
    await mint('Ends soon', { expiresInDays: 2 });
    await mint('Ends first', { expiresInDays: 1 });
    await mint('By a leaver', {}, leaver);
    const revoked = await mint('Revoked', {});
    await must(app, 'keys.revoke', { keyId: revoked.keyId }, owner.token);
    const disabled = await mint('Disabled', {});
    await must(app, 'keys.disable', { keyId: disabled.keyId }, owner.token);
    await must(
      app,
      'environmentKeys.create',
      { ...place, name: 'Environment', level: 'read-only' },
      owner.token,
    );
    await must(app, 'keys.createPersonal', { name: 'Personal', scopes: ['projects:read'] }, developer.token);
    await removeMember(app.deps.store, 'leaver@example.com', organizationId);
    const other = await foundTeam(app, 'stranger@example.com');
    await must(app, 'keys.createPersonal', { name: 'Strange', scopes: ['projects:read'] }, other.owner.token);
  });
  afterAll(() => app.close());

  async function list(input: Asked = {}, by = owner): Promise<{ keys: Listed; total: number }> {
    return must(app, 'keys.inventory', { organizationId, ...input }, by.token);
  }
  async function names(input: Asked = {}, by = owner): Promise<string[]> {
    return (await list(input, by)).keys.map(({ name }) => name);
  }

  it('holds every family, newest first, without what has ended', async () => {
    const { keys, total } = await list();
    expect(keys.map(({ family, name, state }) => `${family} ${name} ${state}`)).toEqual([
      'personal Personal active',
      'environment Environment active',
      'organization Disabled disabled',
      'organization By a leaver active',
      'organization Ends first active',
      'organization Ends soon active',
      'organization 100% deploys active',
      'organization CLI default key active',
    ]);
    expect(total).toBe(8);
  });

  it('tells each key by what is shown of it, and nothing more of its secret', async () => {
    const { keys } = await list({ family: 'environment' });
    expect(keys).toEqual([
      expect.objectContaining({
        shown: expect.stringMatching(/^[0-9a-f]{4}\.\.\.[0-9a-f]{4}$/),
        scopes: null,
        level: 'read-only',
        environment: 'dev',
        createdBy: 'owner@example.com',
        createdByDeparted: false,
        lastUsed: null,
      }),
    ]);
    expect((await list({ family: 'organization' })).keys[0]?.shown).toMatch(/^cko_[0-9A-Za-z]{8}$/);
  });

  it('marks a key whose creator has left', async () => {
    const { keys } = await list({ text: 'leaver' });
    expect(keys.map(({ name, createdByDeparted }) => [name, createdByDeparted])).toEqual([
      ['By a leaver', true],
    ]);
  });

  it.each([
    [{ state: 'ended' }, ['Revoked']],
    [{ state: 'disabled' }, ['Disabled']],
    [{ environment: 'dev' }, ['Environment']],
    [{ family: 'personal' }, ['Personal']],
    [{ text: 'ENDS' }, ['Ends first', 'Ends soon']],
    [{ text: '0%' }, ['100% deploys']],
    [{ text: 'd_p' }, []],
    [{ text: 'dev@' }, ['Personal']],
  ] as const)('finds by %o', async (input, found) => {
    const shown = await names(input);
    expect(shown.filter((name) => !['CLI default key'].includes(name))).toEqual(found);
  });

  it('finds an environment key by how it begins, and by its handle', async () => {
    const input = { organizationId, environment: 'sandbox', name: 'Told', level: 'read-only' };
    const { apiKey, fingerprint } = await must(app, 'environmentKeys.create', input, owner.token);
    const head = 'ck_sandbox_'.length + 4;
    const tail = apiKey.slice(-4);
    const start = apiKey.slice(0, head);
    for (const text of [
      'ck_sandbox_',
      start.slice(0, -2),
      start,
      `${start}_`,
      `${start}_${tail}`,
      fingerprint,
    ]) {
      expect(await names({ text }), text).toEqual(['Told']);
    }
    const other = tail === '0000' ? '1111' : '0000';
    for (const text of [start.replace('sandbox', 'dev'), `${start}_${other}`, `${start}%`, 'ck_sandbox_zz']) {
      expect(await names({ text }), text).toEqual([]);
    }
    const place = { organizationId, environment: 'sandbox', key: fingerprint };
    await must(app, 'environmentKeys.revoke', place, owner.token);
    expect(await names({ text: start, state: 'ended' })).toEqual(['Told']);
  });

  it.each([
    [{ sort: 'name', order: 'ascending', limit: 3 }, ['100% deploys', 'By a leaver', 'CLI default key']],
    [{ sort: 'ends', order: 'ascending', limit: 2 }, ['Ends first', 'Ends soon']],
    [{ sort: 'ends', order: 'descending', limit: 2 }, ['Ends soon', 'Ends first']],
    [{ sort: 'created', order: 'ascending', offset: 6 }, ['Environment', 'Personal']],
  ] as const)('sorts by %o', async (input, found) => {
    expect(await names(input)).toEqual(found);
  });

  it('counts all that there are, whatever the page', async () => {
    expect(await list({ limit: 1, offset: 100 })).toEqual({ keys: [], total: 8 });
  });

  it('finds the keys that end before an instant, of whichever are wanted otherwise', async () => {
    const inHours = (hours: number) => new Date(app.clock.now() + hours * hourMs).toISOString();
    expect(await names({ endsBefore: inHours(23) })).toEqual([]);
    expect(await names({ endsBefore: inHours(25) })).toEqual(['Ends first']);
    expect(await names({ endsBefore: inHours(49), sort: 'ends', order: 'ascending' })).toEqual([
      'Ends first',
      'Ends soon',
    ]);
    expect(await names({ endsBefore: inHours(49), text: 'soon' })).toEqual(['Ends soon']);
  });

  it('finds the keys that had been made by an instant and were not used since', async () => {
    const { keys } = await list({ sort: 'created', order: 'ascending' });
    const [used, first, second] = keys;
    const at = (key: Listed[number] | undefined) => Date.parse(key?.createdAt ?? '');
    app.deps.lastUsed.touch(used?.keyId ?? '', at(second) + 1);
    await app.deps.lastUsed.flush();
    const since = (instant: number) => names({ unusedSince: new Date(instant).toISOString() });
    expect(await since(at(first))).toEqual([]);
    expect(await since(at(second))).toEqual([first?.name]);
    expect(await since(at(second) + 2)).toEqual([second?.name, first?.name, used?.name]);
  });

  it('names the key of an instance by its instance, as that is titled now, and finds and sorts it by that', async () => {
    const team = await foundTeam(app, 'instances@example.com');
    const { token } = team.owner;
    const inventory = async (input: Asked) => {
      const all = { organizationId: team.organizationId, family: 'instance' as const, ...input };
      return (await must(app, 'keys.inventory', all, token)).keys;
    };
    for (const title of ['Orders', 'notes']) await made(app, team, team.owner, { title });
    const [notes, orders] = ['Instance key of notes', 'Instance key of Orders'];
    const byName = await inventory({ sort: 'name', order: 'ascending' });
    expect(byName.map(({ name }) => name)).toEqual([notes, orders]);
    const found = await inventory({ text: 'ORDER' });
    expect(found.map(({ name, instance }) => [name, instance?.title])).toEqual([[orders, 'Orders']]);
    expect(await inventory({ text: 'instances@' })).toHaveLength(2);
    const [key] = found;
    const processInstanceId = key?.instance?.id ?? '';
    await must(app, 'instances.update', { processInstanceId, title: 'Sales' }, token);
    expect(await inventory({ text: 'orders' })).toEqual([]);
    const input = { organizationId: team.organizationId, keyId: key?.keyId ?? '' };
    expect((await must(app, 'keys.activity', input, token)).key.name).toBe('Instance key of Sales');
  });

  describe('for whoever manages no keys', () => {
    it('holds the environment keys and what is their own', async () => {
      expect(await names({}, developer)).toEqual(['Personal', 'Environment']);
    });

    it('does not exist outside of the organization', async () => {
      const input = { organizationId };
      const { token } = leaver;
      expect(refusal(await ask(app, 'keys.inventory', input, token)).code).toBe('ORGANIZATION_NOT_FOUND');
    });
  });

  it('shows an expired key as ended', async () => {
    app.clock.advance(dayMs);
    const { token } = await joined(app, organizationId, 'later@example.com', 'admin');
    const { keys } = await must(app, 'keys.inventory', { organizationId, state: 'ended' }, token);
    expect(keys.map(({ name, state }: Listed[number]) => [name, state])).toEqual([
      ['Told', 'revoked'],
      ['Revoked', 'revoked'],
      ['Ends first', 'expired'],
    ]);
  });
});

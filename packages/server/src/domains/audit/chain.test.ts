import {
  type AuditCheckpoint,
  type AuditEvent,
  type AuditVerdict,
  type Output,
  verifyAuditExport,
} from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dayMs, hourMs, secondMs } from '../../platform/clock.ts';
import { freshAddress, together } from '../calls-for-tests.ts';
import { type KeyRoom, openRoom } from '../environment-keys/environment-keys-for-tests.ts';
import { sweepRotated } from '../environment-keys/index.ts';
import { createByOperator } from '../keys/index.ts';
import { ask, joined, must } from '../people-for-tests.ts';
import { anonymous, audited, callFrom, serverChain } from './index.ts';

type Line = AuditEvent | AuditCheckpoint;

describeEachEngine('the audit chain', (open, engine) => {
  let app: TestApp;
  let room: KeyRoom;
  let adminKey: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    room = await openRoom(app);
    const operator = { family: 'admin', name: 'Operator', scopes: ['api-keys:manage'] } as const;
    adminKey = (await createByOperator(app.deps, operator)).apiKey;
  });
  afterAll(() => app.close());

  async function exported(organizationId: string, limit = 1000): Promise<Line[]> {
    const lines: Line[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const page: Output<'audit.export'> = await must(
        app,
        'audit.export',
        { organizationId, after, limit },
        adminKey,
      );
      lines.push(...(page.lines as Line[]));
      after = page.nextAfter;
    }
    return lines;
  }

  const text = (lines: readonly Line[]) => lines.map((line) => JSON.stringify(line)).join('\n');
  const verify = async (organizationId: string, limit?: number): Promise<AuditVerdict> =>
    verifyAuditExport(text(await exported(organizationId, limit)), {
      publicKey: app.deps.secrets.auditKey.publicKey,
    });

  const call = () =>
    callFrom(
      { ip: '192.0.2.1', client: '', requestId: 'r' },
      { action: 'test.write', resource: 'thing' },
      anonymous(null),
    );

  /** Writes so many events at once, each in a transaction of its own. */
  async function write(organizationId: string, count: number): Promise<void> {
    await audited(app.deps, {
      describe: call,
      chainOfRefusal: async () => serverChain,
      work: (audit) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            app.deps.store.write((trx) => audit.record(trx, { organizationId, id: `thing-${index}` })),
          ),
        ),
    });
  }

  async function foundOrganization(): Promise<string> {
    return (await must(app, 'organizations.create', { name: 'Written to' }, room.team.owner.token))
      .organizationId;
  }

  it('is one unbroken chain after 64 mints at once, with an event for each', async () => {
    const organizations = [await foundOrganization(), await foundOrganization()];
    const keys = await together(async (index) => {
      const organizationId = organizations[index % 2] ?? '';
      const input = { organizationId, name: `Key ${index}`, scopes: ['skills:read'] };
      const answer = await ask(app, 'keys.createForOrganization', input, room.team.owner.token);
      return answer.status === 200 ? answer.body.data.keyId : undefined;
    });
    const events = (await Promise.all(organizations.map((id) => exported(id)))).flat();
    const created = events.flatMap((line) =>
      line.kind === 'event' && line.action === 'key.create' && line.outcome === 'done'
        ? line.resource.id
        : [],
    );
    expect(created.sort()).toEqual(keys.filter((key) => key !== undefined).sort());
    const refused = events.filter((line) => line.kind === 'event' && line.code === 'MAX_API_KEYS_REACHED');
    expect(created.length + refused.length).toBe(64);
    for (const id of organizations) expect(await verify(id)).toMatchObject({ ok: true });
  });

  it('is signed every hundred events and at its end, and reads the same in pages of any size', async () => {
    const organizationId = await foundOrganization();
    await write(organizationId, 64);
    await write(organizationId, 64);
    await write(organizationId, 77);
    const publicKey = app.deps.secrets.auditKey.publicKey;
    const verdict = { ok: true, chain: organizationId, events: 206, checkpoints: 3, publicKey };
    for (const limit of [1000, 206, 100, 7])
      expect(await verify(organizationId, limit)).toMatchObject(verdict);
    const signed = (await exported(organizationId)).filter(({ kind }) => kind === 'checkpoint');
    expect(signed.map(({ seq }) => seq)).toEqual([100, 200, 206]);
  });

  it('never signs an end that it has not come to', async () => {
    const organizationId = await foundOrganization();
    const past = await must(app, 'audit.export', { organizationId, after: 5000 }, adminKey);
    expect(past).toMatchObject({ lines: [{ kind: 'checkpoint', seq: 1 }], nextAfter: null });
  });

  it('keeps nothing of work that is rolled back, and leaves no gap for it', async () => {
    const organizationId = await foundOrganization();
    const failing = audited(app.deps, {
      describe: call,
      chainOfRefusal: async () => organizationId,
      work: (audit) =>
        app.deps.store.write(async (trx) => {
          await audit.record(trx, { organizationId, id: 'thing' });
          throw new Error('the disk is full');
        }),
    });
    await expect(failing).rejects.toThrow('the disk is full');
    const [, event] = await exported(organizationId);
    expect(event).toMatchObject({ seq: 2, outcome: 'failed', code: 'INTERNAL', resource: { id: null } });
    expect(await verify(organizationId)).toMatchObject({ ok: true, events: 2 });
  });

  it.each([
    ["update audit_events set action = 'x'"],
    ['delete from audit_events'],
    ["update audit_checkpoints set hash = 'x'"],
    ['delete from audit_checkpoints'],
  ])('cannot be changed: %s', async (statement) => {
    await write(await foundOrganization(), 120);
    const changing = app.deps.store.write((trx) => sql.raw(statement).execute(trx));
    await expect(changing).rejects.toThrow('rows are only ever added here');
  });

  it('shows what was changed in the database past that', async () => {
    const organizationId = await foundOrganization();
    await write(organizationId, 120);
    const disable =
      engine === 'sqlite'
        ? 'drop trigger audit_events_no_update'
        : 'alter table audit_events disable trigger audit_events_append_only';
    const enable =
      engine === 'sqlite'
        ? `create trigger audit_events_no_update before update on audit_events
           begin select raise(abort, 'rows are only ever added here'); end`
        : 'alter table audit_events enable trigger audit_events_append_only';
    await app.deps.store.write(async (trx) => {
      await sql.raw(disable).execute(trx);
      await trx
        .updateTable('audit_events')
        .set((eb) => ({ facts: sql<string>`replace(${eb.ref('facts')}, 'thing-', 'thong-')` }))
        .where('chain', '=', organizationId)
        .where('seq', '=', 57)
        .execute();
      await sql.raw(enable).execute(trx);
    });
    expect(await verify(organizationId)).toMatchObject({ ok: false, fault: 'edited', seq: 57 });
  });

  it('tells of what nobody asked for: the end of a rotated key', async () => {
    const { fingerprint } = await room.mint({ name: 'Ending' });
    const { replaced } = await room.rotate(fingerprint);
    app.clock.advance(dayMs + secondMs);
    await sweepRotated(app.deps);
    await sweepRotated(app.deps);
    const [event, ...more] = (await exported(room.place.organizationId)).filter(
      (line): line is AuditEvent => line.kind === 'event' && line.action === 'key.auto_revoke',
    );
    const actor = { kind: 'system', id: null, email: null, fingerprint: null };
    const about = { actor, resource: { type: 'key', id: replaced.keyId }, environment: 'dev' };
    expect(event).toMatchObject({ ...about, outcome: 'done', details: { fingerprint } });
    expect(more).toEqual([]);
  });

  it('keeps at most a hundred refusals an hour of strangers from one address', async () => {
    const from = freshAddress();
    const strangers = async () =>
      (await exported(serverChain)).filter((line) => line.kind === 'event' && line.address === from).length;
    const guess = () =>
      app.call('/v1/auth/login/complete', { body: { email: 'no@body.example', code: '000000' }, from });
    await together(guess);
    await together(guess);
    expect(await strangers()).toBe(100);
    app.clock.advance(hourMs);
    await guess();
    expect(await strangers()).toBe(101);
  });

  it('of the server tells what the operator did on the host', async () => {
    const [event] = await exported(serverChain).then((lines) =>
      lines.filter((line) => line.kind === 'event' && line.actor.kind === 'operator'),
    );
    expect(event).toMatchObject({ action: 'key.create', details: { family: 'admin', name: 'Operator' } });
  });

  it('is read by owners, admins and keys that manage keys, and by nobody else', async () => {
    const owner = (await openRoom(app)).team;
    const { organizationId } = owner;
    const outsider = (await openRoom(app)).team.owner;
    const admin = await joined(app, organizationId, 'admin@readers.example', 'admin');
    const developer = await joined(app, organizationId, 'developer@readers.example', 'developer');
    const mint = async (scope: string) => {
      const input = { organizationId, name: scope, scopes: [scope] };
      return (await must(app, 'keys.createForOrganization', input, admin.token)).apiKey;
    };
    const readers = [admin.token, await mint('api-keys:manage'), adminKey];
    const others = {
      ROLE_REQUIRED: [developer.token, outsider.token],
      SCOPE_MISSING: [await mint('skills:read')],
      UNAUTHORIZED: [undefined],
    };
    for (const id of ['audit.list', 'audit.export'] as const) {
      for (const credential of readers) await must(app, id, { organizationId }, credential);
      for (const [code, credentials] of Object.entries(others)) {
        for (const credential of credentials) {
          const answer = await ask(app, id, { organizationId }, credential);
          expect(answer.body.error.code).toBe(code);
        }
      }
      const ofServer = await ask(app, id, { organizationId: serverChain }, admin.token);
      expect(ofServer.body.error.code).toBe('ORGANIZATION_NOT_FOUND');
    }
  });

  it('never tells an organization of strangers: their attempts stand in the chain of the server', async () => {
    const { organizationId } = room.place;
    const outsider = (await openRoom(app)).team.owner;
    const before = await exported(organizationId);
    const input = { organizationId, email: 'friend@example.com' };
    const answer = await ask(app, 'members.invite', input, outsider.token);
    expect(answer.body.error.code).toBe('ORGANIZATION_NOT_FOUND');
    expect((await exported(organizationId)).length).toBe(before.length);
    const last = (await exported(serverChain)).at(-2);
    expect(last).toMatchObject({ action: 'member.invite', actor: { id: outsider.userId } });
  });
});

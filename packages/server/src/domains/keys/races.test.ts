import { createByOperator, createDeps, createLogger, type Deps, readSettings } from '@latchkey/server';
import {
  describeEachEngine,
  type EmptyStore,
  startServer,
  startTestApp,
  type TestApp,
} from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Writer } from '../../storage/index.ts';
import { type Callable, outcomes, overHttp, refusal, together } from '../calls-for-tests.ts';
import {
  addMember,
  addOrganizations,
  addUser,
  countRows,
  keyRow,
  membershipsOf,
  untilAWriterWaits,
} from '../rows-for-tests.sql.ts';
import { changeKey, markRevoked } from './keys.sql.ts';

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: races look into answers of several operations
  readonly body: any;
}

/** One database, and the servers that share it; callers are spread over them. */
interface Place {
  readonly servers: readonly Callable<Answer>[];
  /** On the same database, beside the servers. */
  readonly deps: Deps;
  close(): Promise<void>;
}

async function oneServer(store: EmptyStore): Promise<Place> {
  const app = await startTestApp(store);
  return { servers: [app], deps: app.deps, close: () => app.close() };
}

/** Processes of their own: a SQLite writer that waits for another stops its whole process. */
async function twoServers({ dataDir, databaseUrl }: EmptyStore): Promise<Place> {
  const processes = [
    await startServer({ dataDir, databaseUrl }),
    await startServer({ dataDir, databaseUrl }),
  ];
  const env = databaseUrl === undefined ? {} : { LATCHKEY_DATABASE_URL: databaseUrl };
  const deps = await createDeps(readSettings(env, { dataDir }), { log: createLogger('silent') });
  return {
    servers: processes.map(({ baseUrl }) => overHttp(baseUrl)),
    deps,
    async close() {
      await deps.close();
      await Promise.all(processes.map((each) => each.stop()));
    },
  };
}

describe.each([
  ['one server', oneServer],
  ['two servers', twoServers],
] as const)('64 callers of %s', (_name, openPlace) => {
  describeEachEngine('racing for keys', (open) => {
    let place: Place;
    let admin: string;
    beforeAll(async () => {
      place = await openPlace(await open());
      admin = await operatorKey({ family: 'admin' }, ['api-keys:manage']);
    });
    afterAll(() => place.close());

    function call(index: number, path: string, body: object, key = admin): Promise<Answer> {
      const server = place.servers[index % place.servers.length];
      if (server === undefined) throw new Error('no server');
      return server.call(path, { body, key });
    }
    async function operatorKey(
      of: { family: 'admin' } | { family: 'personal'; email: string },
      scopes: string[],
    ) {
      return (await createByOperator(place.deps, { ...of, name: 'By hand', scopes })).apiKey;
    }
    /** Somebody who owns `count` organizations. */
    async function newOwner(email: string, count = 1): Promise<string> {
      await addUser(place.deps.store, email);
      return (await addOrganizations(place.deps.store, email, count))[0] ?? '';
    }
    const mint = (index: number, organizationId: string, key = admin, scopes = ['skills:read']) =>
      call(index, `/v1/organizations/${organizationId}/keys`, { name: `Number ${index}`, scopes }, key);

    it('make one organization key at 19 of 20', async () => {
      const organizationId = await newOwner('nineteen@example.com');
      for (let count = 0; count < 19; count += 1) await mint(count, organizationId);
      const rows = await countRows(place.deps.store, 'api_keys');
      const answers = await together((index) => mint(index, organizationId));
      expect(outcomes(answers)).toEqual({ OK: 1, MAX_API_KEYS_REACHED: 63 });
      expect(await countRows(place.deps.store, 'api_keys')).toBe(rows + 1);
    });

    it('make 20 organization keys at none, one for each place', async () => {
      const organizationId = await newOwner('none@example.com');
      const answers = await together((index) => mint(index, organizationId));
      expect(outcomes(answers)).toEqual({ OK: 20, MAX_API_KEYS_REACHED: 44 });
    });

    it('make one personal key at 19 of 20', async () => {
      const email = 'personal@example.com';
      await addUser(place.deps.store, email);
      const body = { email, name: 'Laptop', scopes: ['skills:read'] };
      for (let count = 0; count < 19; count += 1) await call(count, '/v1/personal-keys', body);
      const answers = await together((index) => call(index, '/v1/personal-keys', body));
      expect(outcomes(answers)).toEqual({ OK: 1, MAX_API_KEYS_REACHED: 63 });
    });

    it('make one organization at 49 of 50', async () => {
      const email = 'fortynine@example.com';
      await newOwner(email, 49);
      const key = await operatorKey({ family: 'personal', email }, ['organizations:create']);
      const answers = await together((index) =>
        call(index, '/v1/organizations', { name: `Number ${index}` }, key),
      );
      expect(outcomes(answers)).toEqual({ OK: 1, MAX_ORGANIZATIONS_REACHED: 63 });
      expect(await membershipsOf(place.deps.store, email)).toHaveLength(50);
    });

    it('change a key until it is revoked, and never after', async () => {
      const organizationId = await newOwner('change@example.com');
      const { keyId } = (await mint(0, organizationId)).body.data;
      const answers = await together((index) =>
        index === 32
          ? call(index, `/v1/keys/${keyId}/revoke`, {})
          : call(index, '/updateorganizationapikeypublic', { keyId, name: `Change ${index}` }),
      );
      const { OK = 0, KEY_NOT_ACTIVE = 0 } = outcomes(answers);
      expect(OK + KEY_NOT_ACTIVE).toBe(64);
      const revokedAt = answers[32]?.body.data.revokedAt;
      const row = await keyRow(place.deps.store, keyId);
      expect(new Date(row.revoked_at ?? 0).toISOString()).toBe(revokedAt);
      expect(row.updated_at).toBe(row.revoked_at);
      const kept = answers.filter(({ body }) => body.data?.name === row.name);
      expect(kept).toHaveLength(row.name === 'Number 0' ? 0 : 1);
    });

    it('revoke a key at one time, whichever of them did it', async () => {
      const organizationId = await newOwner('revoke@example.com');
      const { keyId } = (await mint(0, organizationId)).body.data;
      const answers = await together((index) => call(index, `/v1/keys/${keyId}/revoke`, {}));
      expect(outcomes(answers)).toEqual({ OK: 64 });
      expect(new Set(answers.map(({ body }) => body.data.revokedAt)).size).toBe(1);
    });

    it('mint nothing with a key from when its revocation is answered', async () => {
      const email = 'minter@example.com';
      const organizationId = await newOwner(email);
      const owner = await operatorKey({ family: 'personal', email }, ['api-keys:manage']);
      const scopes = ['api-keys:manage', 'skills:read'];
      const minter = (await mint(0, organizationId, owner, scopes)).body.data;
      const rows = await countRows(place.deps.store, 'api_keys');
      let revoked = false;
      const late: number[] = [];
      const answers = await together(async (index) => {
        if (index === 8) {
          const answer = await call(index, `/v1/keys/${minter.keyId}/revoke`, {});
          revoked = true;
          return answer;
        }
        const tooLate = revoked;
        const answer = await mint(index, organizationId, minter.apiKey);
        if (tooLate && answer.status === 200) late.push(index);
        return answer;
      });
      const { OK = 0, KEY_REVOKED = 0, KEY_UNKNOWN = 0, MAX_API_KEYS_REACHED = 0 } = outcomes(answers);
      expect(OK + KEY_REVOKED + KEY_UNKNOWN + MAX_API_KEYS_REACHED).toBe(64);
      expect(late).toEqual([]);
      expect(await countRows(place.deps.store, 'api_keys')).toBe(rows + OK - 1);
      for (const index of [0, 1]) {
        expect(refusal(await mint(index, organizationId, minter.apiKey)).code).toBe('KEY_REVOKED');
      }
    });
  });
});

describeEachEngine('a request that was verified before its key was', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
    // Taken with the first request, which would wait for the change then.
    await app.deps.revocations.lease();
  });
  afterAll(() => app.close());

  /** Makes the request while the change of its key is not committed yet; answers what comes of it afterwards. */
  async function overtaken<Answer>(
    change: (trx: Writer) => Promise<unknown>,
    request: () => Promise<Answer>,
  ) {
    const pending = await app.deps.store.write(async (trx) => {
      await change(trx);
      const answer = request();
      await untilAWriterWaits(app.deps.store);
      return { answer };
    });
    return pending.answer;
  }
  const revoke = (keyId: string) => (trx: Writer) => markRevoked(trx, keyId, app.clock.now());
  const mint = (organizationId: string, key: string) =>
    app.call(`/v1/organizations/${organizationId}/keys`, {
      body: { name: 'Late', scopes: ['skills:read'] },
      key,
    });

  it('revoked mints nothing', async () => {
    const { organizationId, apiKey } = await app.signUp('revoked@example.com');
    const rows = await countRows(app.deps.store, 'api_keys');
    const answer = await overtaken(revoke(apiKey.keyId), () => mint(organizationId, apiKey.raw));
    expect(refusal(answer)).toMatchObject({ status: 401, code: 'KEY_UNKNOWN' });
    expect(await countRows(app.deps.store, 'api_keys')).toBe(rows);
  });

  it('narrowed mints nothing', async () => {
    const { organizationId, apiKey } = await app.signUp('narrowed@example.com');
    const narrow = (trx: Writer) =>
      changeKey(trx, apiKey.keyId, { scopes: '["skills:read"]' }, app.clock.now());
    const answer = await overtaken(narrow, () => mint(organizationId, apiKey.raw));
    expect(refusal(answer)).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
  });

  it('revoked founds no organization', async () => {
    const email = 'founder@example.com';
    await addUser(app.deps.store, email);
    const of = { family: 'personal', email, name: 'Laptop', scopes: ['organizations:create'] } as const;
    const { keyId, apiKey } = await createByOperator(app.deps, { ...of, scopes: [...of.scopes] });
    const found = () => app.call('/v1/organizations', { body: { name: 'Late' }, key: apiKey });
    expect(refusal(await overtaken(revoke(keyId), found))).toMatchObject({ code: 'KEY_UNKNOWN' });
    expect(await membershipsOf(app.deps.store, email)).toHaveLength(0);
  });

  it('ended by the key that it ends is answered all the same', async () => {
    const { organizationId, apiKey } = await app.signUp('both@example.com');
    const body = { name: 'Other', scopes: ['api-keys:manage'] };
    const other = (await app.call(`/v1/organizations/${organizationId}/keys`, { body, key: apiKey.raw })).body
      .data;
    const answers = await together((index) =>
      index % 2 === 0
        ? app.call(`/v1/keys/${other.keyId}/revoke`, { body: {}, key: apiKey.raw })
        : app.call(`/v1/keys/${apiKey.keyId}/revoke`, { body: {}, key: other.apiKey }),
    );
    const { OK = 0, KEY_REVOKED = 0, KEY_UNKNOWN = 0 } = outcomes(answers);
    expect(OK).toBeGreaterThan(0);
    expect(OK + KEY_REVOKED + KEY_UNKNOWN).toBe(64);
  });
});

describeEachEngine('a caller who may not give a scope', (open) => {
  it('cannot put it back into a key from which it is being taken', async () => {
    const app = await startTestApp(await open());
    const { organizationId, apiKey } = await app.signUp('owner@example.com');
    await addMember(app.deps.store, organizationId, 'other@example.com', 'admin');
    const mint = async (name: string, scopes: string[]) => {
      const answer = await app.call(`/v1/organizations/${organizationId}/keys`, {
        body: { name, scopes },
        key: apiKey.raw,
      });
      return answer.body.data;
    };
    const target = await mint('Target', ['deploy:use-case', 'skills:read']);
    const narrow = await mint('Narrow', ['api-keys:manage', 'skills:read']);
    const body = { scopes: ['deploy:use-case', 'skills:read'] };
    const update = () => app.call(`/v1/keys/${target.keyId}`, { method: 'PATCH', body, key: narrow.apiKey });
    expect((await update()).status).toBe(200);

    let putBack: ReturnType<typeof update> | undefined;
    await app.deps.store.write(async (trx) => {
      await changeKey(trx, target.keyId, { scopes: '["skills:read"]' }, app.clock.now());
      putBack = update();
      await untilAWriterWaits(app.deps.store);
    });
    expect(refusal(await (putBack ?? update()))).toEqual({
      status: 403,
      code: 'SCOPE_ESCALATION',
      details: { scopes: ['deploy:use-case'] },
    });
    await app.close();
  });
});

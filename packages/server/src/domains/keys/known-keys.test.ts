import { generateKey } from '@latchkey/keys';
import { createTestClock, describeEachEngine } from '@latchkey/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
import { systemRandom } from '../../platform/random.ts';
import { deriveSecrets } from '../../platform/secrets.ts';
import { migrate, openPostgres, openSqlite, type Store } from '../../storage/index.ts';
import { logStatements, type StatementLog } from '../../storage/statements-for-tests.ts';
import { together } from '../calls-for-tests.ts';
import type { Forget } from '../revocation/index.ts';
import { createKnownKeys, type KnownKeys } from './known-keys.ts';
import { mintKey } from './mint.ts';

const secrets = deriveSecrets(Buffer.alloc(32, 9));

/** The lease of a process, in the hands of the test. */
function createLease() {
  const forgets: Forget[] = [];
  return {
    isHeld: true,
    isToBeHad: true,
    seq: 0,
    asked: 0,
    isLeased() {
      return this.isHeld;
    },
    async lease() {
      this.asked += 1;
      this.isHeld = this.isToBeHad;
      return this.isHeld;
    },
    applied() {
      return this.seq;
    },
    onChange(forget: Forget) {
      forgets.push(forget);
    },
    change(keyIds: Parameters<Forget>[0]) {
      this.seq += 1;
      for (const forget of forgets) forget(keyIds);
    },
  };
}

describeEachEngine('the memory of keys', (open, engine) => {
  let store: Store;
  let log: StatementLog;
  let clock: ReturnType<typeof createTestClock>;
  let lease: ReturnType<typeof createLease>;
  let known: KnownKeys;
  let own: { secret: string; keyId: string };

  beforeAll(async () => {
    const { dataDir, databaseUrl } = await open();
    store =
      databaseUrl === undefined ? openSqlite(dataDir) : openPostgres(databaseUrl, createLogger('silent'));
    await migrate(store);
    await store.write(async (trx) => {
      for (const id of ['acme', 'rival']) {
        await trx
          .insertInto('organizations')
          .values({ id, name: id, description: '', created_at: 1, keys_minted: 0 })
          .execute();
      }
    });
    // Connections are opened when they are needed, which takes statements too.
    await createKnownKeys({ store, secrets, clock: createTestClock(), revocations: createLease() }, 1).find(
      generateKey('organization'),
    );
    log = logStatements();
  });
  afterAll(async () => {
    log.close();
    await store.close();
  });
  beforeEach(async () => {
    clock = createTestClock();
    lease = createLease();
    known = createKnownKeys({ store, secrets, clock, revocations: lease }, 100);
    await setSeq(0);
    own = await mint('acme');
  });

  async function setSeq(seq: number): Promise<void> {
    await store.write((trx) => trx.updateTable('revocation_counter').set({ seq }).execute());
  }

  async function mint(organizationId: string): Promise<{ secret: string; keyId: string }> {
    const request = {
      family: 'organization',
      organizationId,
      userId: null,
      name: 'k',
      description: '',
      scopes: ['projects:read'],
      expiresAt: null,
    } as const;
    const now = clock.now();
    const minted = await store.write(async (trx) => {
      await trx.deleteFrom('api_keys').where('organization_id', '=', organizationId).execute();
      return mintKey(trx, { secrets, random: systemRandom }, request, now);
    });
    return { secret: minted.secret, keyId: minted.shown.keyId };
  }

  async function markRevoked(): Promise<void> {
    await store.write(async (trx) => {
      await trx.updateTable('api_keys').set({ revoked_at: 1 }).where('id', '=', own.keyId).execute();
    });
    await setSeq(lease.seq + 1);
  }

  /** How many statements it takes. */
  async function cost(work: () => unknown): Promise<number> {
    const before = log.texts.length;
    await work();
    return log.texts.length - before;
  }

  async function isRevoked(): Promise<boolean> {
    const found = await known.find(own.secret);
    if (found.kind !== 'key') throw new Error(found.kind);
    return found.row.revoked_at !== null;
  }

  it('answers a key that it knows at once and without a statement, as the same', async () => {
    expect(await cost(() => known.find(own.secret))).toBe(1);
    let again: unknown;
    expect(
      await cost(() => {
        again = known.find(own.secret);
      }),
    ).toBe(0);
    expect(again).not.toBeInstanceOf(Promise);
    expect(again).toBe(await known.find(own.secret));
    expect(again).toMatchObject({ kind: 'key', row: { id: own.keyId }, organizationName: 'acme' });
  });

  it('reads once for sixty-four who ask for a key that it does not know', async () => {
    expect(await cost(() => together(async () => known.find(own.secret)))).toBe(1);
  });

  it('reads once for sixty-four also where the lease is to be had first', async () => {
    lease.isHeld = false;
    expect(await cost(() => together(async () => known.find(own.secret)))).toBe(1);
  });

  it('answers nothing from memory, and lets nobody join, without a lease', async () => {
    await known.find(own.secret);
    lease.isHeld = false;
    lease.isToBeHad = false;
    // On PostgreSQL whoever waits for a read that has not begun yet is answered by one for all of them.
    const reads = engine === 'postgres' ? 6 : 64;
    expect(await cost(() => together(async () => known.find(own.secret)))).toBe(reads);
    expect(await cost(() => known.find(own.secret))).toBe(1);
    lease.isHeld = true;
    expect(await cost(() => known.find(own.secret))).toBe(0);
  });

  it('remembers nothing that it read without a lease', async () => {
    lease.isHeld = false;
    lease.isToBeHad = false;
    await known.find(own.secret);
    lease.isHeld = true;
    expect(await cost(() => known.find(own.secret))).toBe(1);
  });

  it('forgets the keys that a change names, and no others', async () => {
    const other = await mint('rival');
    await known.find(own.secret);
    await known.find(other.secret);
    await markRevoked();
    lease.change([own.keyId, 'unheard-of']);
    expect(await cost(() => known.find(other.secret))).toBe(0);
    expect(await cost(async () => expect(await isRevoked()).toBe(true))).toBe(1);
    expect(await cost(isRevoked)).toBe(0);
  });

  it('forgets everything where changes were missed', async () => {
    await known.find(own.secret);
    await known.find(generateKey('organization'));
    lease.change('all');
    await setSeq(1);
    expect(await cost(() => known.find(own.secret))).toBe(1);
  });

  it('answers what was read before the last change, and does not remember it', async () => {
    lease.change(['something else']);
    const found = await known.find(own.secret);
    expect(found.kind).toBe('key');
    if (found.kind === 'key') expect(known.asOf(found)).toBe(0);
    expect(await cost(() => known.find(own.secret))).toBe(1);
    await setSeq(1);
    await known.find(own.secret);
    expect(await cost(() => known.find(own.secret))).toBe(0);
  });

  it('knows what it remembers to be right as of the last change that is applied', async () => {
    const found = await known.find(own.secret);
    lease.change(['something else']);
    if (found.kind === 'key') expect(known.asOf(found)).toBe(1);
    lease.change([own.keyId]);
    if (found.kind === 'key') expect(known.asOf(found)).toBe(0);
  });

  it('looks again for what nobody has issued, ten seconds later', async () => {
    const secret = generateKey('organization');
    expect(await cost(() => known.find(secret))).toBe(1);
    clock.advance(9_999);
    expect(await cost(() => known.find(secret))).toBe(0);
    clock.advance(1);
    expect(await cost(() => known.find(secret))).toBe(1);
    expect(await known.find(secret)).toEqual({ kind: 'absent', asOf: 0 });
  });

  it('looks again for what was absent when a change may have made it count', async () => {
    await known.find(own.secret, 'rival');
    expect(await cost(() => known.find(own.secret, 'rival'))).toBe(0);
    lease.change([own.keyId]);
    expect(await cost(() => known.find(own.secret, 'rival'))).toBe(1);
  });

  it('says at once of what is no whole key that it is none, without looking for it', async () => {
    expect(await cost(() => known.find(`${own.secret}x`))).toBe(0);
    expect(known.find(own.secret.slice(0, -1))).toMatchObject({ kind: 'malformed' });
  });

  it('shows a key of another organization in all things like one that nobody has issued', async () => {
    const foreign = await mint('rival');
    const unissued = generateKey('organization');
    // Its own organization uses it all the time.
    await known.find(foreign.secret, 'rival');
    const costs: number[][] = [];
    for (const secret of [foreign.secret, unissued]) {
      const one: number[] = [];
      for (const pauseMs of [0, 0, 9_000, 1_000, 0]) {
        clock.advance(pauseMs);
        one.push(
          await cost(async () =>
            expect(await known.find(secret, 'acme')).toEqual({ kind: 'absent', asOf: 0 }),
          ),
        );
      }
      costs.push(one);
    }
    expect(costs[0]).toEqual([1, 0, 0, 1, 0]);
    expect(costs[1]).toEqual(costs[0]);
    expect(await known.find(foreign.secret, 'rival')).toMatchObject({ kind: 'key' });
  });

  describe.runIf(engine === 'postgres')('while a key is being read', () => {
    it('lets nobody who asks after a change have what was read before it', async () => {
      const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
      const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>();
      const writing = store.write(async (trx) => {
        await sql`lock table api_keys in access exclusive mode`.execute(trx);
        hold();
        await isReleased;
      });
      await isHeld;
      const before = known.find(own.secret);
      const joined = known.find(own.secret);
      lease.change([own.keyId]);
      const after = known.find(own.secret);
      release();
      await writing;
      const [first, second, third] = await Promise.all([before, joined, after]);
      expect(second).toBe(first);
      expect(third).not.toBe(first);
    });
  });

  it('looks for a hundred at once, each with its own outcome', async () => {
    const other = await mint('rival');
    const unissued = Array.from({ length: 98 }, () => generateKey('organization'));
    const wanted = [...unissued.slice(0, 60), own.secret, ...unissued.slice(60), other.secret];
    const reads = await cost(async () => {
      const found = await Promise.all(wanted.map(async (each) => known.find(each)));
      const keyIds = found.map((each) => (each.kind === 'key' ? each.row.id : each.kind));
      const outcomes = wanted.map((each) =>
        each === own.secret ? own.keyId : each === other.secret ? other.keyId : 'absent',
      );
      expect(keyIds).toEqual(outcomes);
    });
    expect(reads).toBe(engine === 'postgres' ? 6 : 100);
  });

  it('keeps no more keys than it may', async () => {
    const few = createKnownKeys({ store, secrets, clock, revocations: lease }, 1);
    const other = await mint('rival');
    await few.find(own.secret);
    await few.find(other.secret);
    expect(await cost(() => few.find(other.secret))).toBe(0);
    expect(await cost(() => few.find(own.secret))).toBe(1);
    // What had to go is not found by its key id any more either.
    lease.change([other.keyId]);
    await setSeq(1);
    await few.find(own.secret);
    expect(await cost(() => few.find(own.secret))).toBe(0);
  });
});

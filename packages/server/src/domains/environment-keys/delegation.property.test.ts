import { isAtLeast, LatchkeyError, type Level, levels, type Role } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Audited } from '../audit/index.ts';
import { silentRecorder } from '../calls-for-tests.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { changeRole, removeMember } from '../members/index.ts';
import { addMember, addOrganizations, addUser, keyRow } from '../rows-for-tests.sql.ts';
import { createWorkspace, setLevel } from '../workspaces/index.ts';
import {
  createEnvironmentKey,
  revokeEnvironmentKey,
  rotateEnvironmentKey,
  updateEnvironmentKey,
} from './index.ts';

const dayMs = 86_400_000;
const workspaces = ['one', 'two'] as const;
const roles = ['admin', 'developer', 'runner', 'read-only'] as const satisfies readonly Role[];

/** One thing that somebody does; numbers pick a person or a key, whichever there are by then. */
type Step =
  | { readonly does: 'mint'; by: number; at: number; level: Level }
  | { readonly does: 'rotate'; by: number; of: number }
  | { readonly does: 'revoke'; by: number; of: number }
  | { readonly does: 'update'; by: number; of: number; level: Level }
  | { readonly does: 'mint by key'; of: number; level: Level }
  | { readonly does: 'grant'; by: number; of: number; at: number; level: Level | null }
  | { readonly does: 'role'; by: number; of: number; role: Role }
  | { readonly does: 'remove'; by: number; of: number }
  | { readonly does: 'join'; of: number; role: Role }
  | { readonly does: 'wait' };

const pick = fc.nat({ max: 30 });
const level = fc.constantFrom(...levels);
const role = fc.constantFrom<Role>(...roles);
function doing(weight: number, does: Step['does'], more: Record<string, fc.Arbitrary<unknown>> = {}) {
  return { weight, arbitrary: fc.record({ does: fc.constant(does), ...more }) };
}
const step = fc.oneof(
  doing(8, 'mint', { by: pick, at: pick, level }),
  doing(5, 'rotate', { by: pick, of: pick }),
  doing(5, 'revoke', { by: pick, of: pick }),
  doing(5, 'update', { by: pick, of: pick, level }),
  doing(2, 'mint by key', { of: pick, level }),
  doing(4, 'grant', { by: pick, of: pick, at: pick, level: fc.option(level) }),
  doing(3, 'role', { by: pick, of: pick, role }),
  doing(1, 'remove', { by: pick, of: pick }),
  doing(2, 'join', { of: pick, role }),
  doing(1, 'wait'),
) as fc.Arbitrary<Step>;

/** A key as the model knows it. */
interface ModelKey {
  readonly keyId: string;
  readonly fingerprint: string;
  readonly minter: string;
  /** A workspace, or everything. */
  readonly at: string | undefined;
  level: Level;
  readonly replaces: ModelKey | undefined;
  /** What whoever gave it its level had where it acts, at that moment. */
  giverHad: Level;
  endsAt: number;
}

const levelOf = (held: Role): Level => (held === 'owner' ? 'admin' : held);
const decides = (held: Role | undefined) => held === 'owner' || held === 'admin';

/** What the contract says of who may do what, written down a second time and without a database. */
class Model {
  readonly people: readonly string[];
  readonly roles = new Map<string, Role>();
  readonly grants = new Map<string, Level>();
  readonly keys: ModelKey[] = [];
  readonly #now: () => number;

  constructor(people: readonly string[], now: () => number) {
    this.people = people;
    this.#now = now;
  }

  levelAt(person: string, at: string | undefined): Level {
    const held = levelOf(this.roles.get(person) ?? 'read-only');
    const granted = at === undefined ? undefined : this.grants.get(`${person} ${at}`);
    return granted !== undefined && isAtLeast(granted, held) ? granted : held;
  }

  valid(key: ModelKey | undefined): boolean {
    return key !== undefined && key.endsAt > this.#now();
  }

  mint(by: string, at: string | undefined, wanted: Level): string {
    if (!this.roles.has(by)) return 'ORGANIZATION_NOT_FOUND';
    if (!isAtLeast(this.levelAt(by, at), wanted)) return 'LEVEL_ESCALATION';
    const beside = this.keys.filter((key) => key.at === at && this.valid(key)).length;
    if (beside < 5) return 'OK';
    return at === undefined ? 'ORGANIZATION_KEY_LIMIT' : 'WORKSPACE_KEY_LIMIT';
  }

  rotate(by: string, key: ModelKey): string {
    const refusal = this.revoke(by, key);
    if (refusal !== 'OK') return refusal;
    if (!isAtLeast(this.levelAt(by, key.at), key.level)) return 'LEVEL_ESCALATION';
    if (!this.valid(key)) return 'CANNOT_ROTATE_REVOKED';
    return key.endsAt < Number.POSITIVE_INFINITY || this.valid(key.replaces) ? 'ALREADY_ROTATING' : 'OK';
  }

  revoke(by: string, key: ModelKey): string {
    if (!this.roles.has(by)) return 'ORGANIZATION_NOT_FOUND';
    return decides(this.roles.get(by)) || key.minter === by ? 'OK' : 'NOT_KEY_MANAGER';
  }

  update(by: string, key: ModelKey, wanted: Level): string {
    const refusal = this.revoke(by, key);
    if (refusal !== 'OK') return refusal;
    const isTheirs = isAtLeast(key.level, wanted) || isAtLeast(this.levelAt(by, key.at), wanted);
    if (!isTheirs) return 'LEVEL_ESCALATION';
    return this.valid(key) ? 'OK' : 'KEY_NOT_ACTIVE';
  }

  grant(by: string, of: string): string {
    if (!this.roles.has(by)) return 'ORGANIZATION_NOT_FOUND';
    if (!decides(this.roles.get(by))) return 'ADMIN_REQUIRED';
    return this.roles.has(of) ? 'OK' : 'MEMBER_NOT_FOUND';
  }

  /** An owner's role is nobody's but an owner's to change; the only owner keeps it. */
  decide(by: string, of: string, leaves = false): string {
    if (!this.roles.has(by)) return 'ORGANIZATION_NOT_FOUND';
    if (!(leaves && by === of) && !decides(this.roles.get(by))) return 'ADMIN_REQUIRED';
    if (!this.roles.has(of)) return 'MEMBER_NOT_FOUND';
    if (this.roles.get(of) !== 'owner') return 'OK';
    return this.roles.get(by) === 'owner' ? 'LAST_OWNER' : 'ROLE_ESCALATION';
  }

  forget(person: string): void {
    this.roles.delete(person);
    for (const at of workspaces) this.grants.delete(`${person} ${at}`);
  }
}

/** Plays steps on the domains and on the model, and compares what came of each. */
class Play {
  readonly model: Model;
  readonly #app: TestApp;
  readonly #deps: KeyDeps & Audited;
  /** Of the people, in their order. */
  readonly #emails: readonly string[];
  readonly #place: { organizationId: string; environment: 'dev' };

  constructor(app: TestApp, organizationId: string, model: Model, emails: readonly string[]) {
    this.#app = app;
    this.#emails = emails;
    this.model = model;
    // Who signs in, and how, is not what is asked here.
    this.#deps = {
      ...app.deps,
      audit: silentRecorder,
      sessions: { ...app.deps.sessions, isLive: async () => true },
    };
    this.#place = { organizationId, environment: 'dev' };
  }

  async #outcome(work: Promise<unknown>): Promise<string> {
    try {
      await work;
      return 'OK';
    } catch (error) {
      if (error instanceof LatchkeyError) return error.code;
      throw error;
    }
  }

  #person(number: number): string {
    return this.model.people[number % this.model.people.length] ?? '';
  }

  #key(number: number): ModelKey | undefined {
    return this.model.keys.at(-1 - (number % Math.max(1, this.model.keys.length)));
  }

  as(userId: string): Principal {
    return { family: 'session', keyId: null, sessionId: 'any', scopes: [], organizationId: null, userId };
  }

  async take(taken: Step): Promise<void> {
    if (taken.does === 'wait') this.#app.clock.advance(dayMs / 2);
    else if (taken.does === 'mint') await this.#mint(taken);
    else if (taken.does === 'rotate') await this.#rotate(taken);
    else if (taken.does === 'revoke') await this.#revoke(taken);
    else if (taken.does === 'update') await this.#update(taken);
    else if (taken.does === 'mint by key') await this.#mintByKey(taken);
    else if (taken.does === 'grant') await this.#grant(taken);
    else if (taken.does === 'role') await this.#role(taken);
    else if (taken.does === 'remove') await this.#remove(taken);
    else await this.#join(taken);
  }

  #remember(
    minted: { keyId: string; fingerprint: string },
    key: Pick<ModelKey, 'minter' | 'at' | 'level'>,
    replaces?: ModelKey,
  ) {
    const { keyId, fingerprint } = minted;
    const giverHad = this.model.levelAt(key.minter, key.at);
    this.model.keys.push({
      keyId,
      fingerprint,
      ...key,
      replaces,
      giverHad,
      endsAt: Number.POSITIVE_INFINITY,
    });
  }

  async #mint({ by, at: where, level: wanted }: Step & { does: 'mint' }): Promise<void> {
    const minter = this.#person(by);
    const at = [...workspaces, undefined][where % 3];
    const input = { ...this.#place, name: 'Key', level: wanted, workspace: at };
    const expected = this.model.mint(minter, at, wanted);
    const minting = createEnvironmentKey(this.#deps, this.as(minter), input);
    expect(await this.#outcome(minting)).toBe(expected);
    if (expected === 'OK') this.#remember(await minting, { minter, at, level: wanted });
  }

  async #rotate({ by, of }: Step & { does: 'rotate' }): Promise<void> {
    const key = this.#key(of);
    if (key === undefined) return;
    const minter = this.#person(by);
    const expected = this.model.rotate(minter, key);
    const rotating = rotateEnvironmentKey(this.#deps, this.as(minter), {
      ...this.#place,
      key: key.fingerprint,
    });
    expect(await this.#outcome(rotating)).toBe(expected);
    if (expected !== 'OK') return;
    key.endsAt = this.#app.clock.now() + dayMs;
    const { at, level: same } = key;
    this.#remember(await rotating, { minter, at, level: same }, key);
  }

  async #revoke({ by, of }: Step & { does: 'revoke' }): Promise<void> {
    const key = this.#key(of);
    if (key === undefined) return;
    const input = { ...this.#place, key: key.fingerprint, dryRun: false };
    const expected = this.model.revoke(this.#person(by), key);
    const revoking = revokeEnvironmentKey(this.#deps, this.as(this.#person(by)), input);
    expect(await this.#outcome(revoking)).toBe(expected);
    if (expected === 'OK') key.endsAt = Math.min(key.endsAt, this.#app.clock.now());
  }

  async #update({ by, of, level: wanted }: Step & { does: 'update' }): Promise<void> {
    const key = this.#key(of);
    if (key === undefined) return;
    const changer = this.#person(by);
    const expected = this.model.update(changer, key, wanted);
    const input = { ...this.#place, key: key.fingerprint, level: wanted };
    expect(await this.#outcome(updateEnvironmentKey(this.#deps, this.as(changer), input))).toBe(expected);
    if (expected !== 'OK') return;
    if (!isAtLeast(key.level, wanted)) key.giverHad = this.model.levelAt(changer, key.at);
    key.level = wanted;
  }

  /** Behind the door, which lets no key in: a key is a member of nothing. */
  async #mintByKey({ of, level: wanted }: Step & { does: 'mint by key' }): Promise<void> {
    const key = this.#key(of);
    if (key === undefined) return;
    const principal: Principal = {
      ...this.as(key.minter),
      family: 'environment',
      keyId: key.keyId,
      sessionId: null,
      userId: null,
    };
    const minting = createEnvironmentKey(this.#deps, principal, {
      ...this.#place,
      name: 'Key',
      level: wanted,
    });
    expect(await this.#outcome(minting)).toBe(
      this.model.valid(key) ? 'ORGANIZATION_NOT_FOUND' : 'KEY_UNKNOWN',
    );
  }

  async #grant({ by, of, at: where, level: wanted }: Step & { does: 'grant' }): Promise<void> {
    const at = workspaces[where % workspaces.length] ?? 'one';
    const [granter, member] = [this.#person(by), this.#person(of)];
    const input = { ...this.#place, slug: at, memberId: member, level: wanted };
    const expected = this.model.grant(granter, member);
    expect(await this.#outcome(setLevel(this.#deps, this.as(granter), input))).toBe(expected);
    if (expected !== 'OK') return;
    if (wanted === null) this.model.grants.delete(`${member} ${at}`);
    else this.model.grants.set(`${member} ${at}`, wanted);
  }

  async #role({ by, of, role: wanted }: Step & { does: 'role' }): Promise<void> {
    const { organizationId } = this.#place;
    const [changer, member] = [this.#person(by), this.#person(of)];
    const expected = this.model.decide(changer, member);
    const changing = changeRole(this.#deps, this.as(changer), {
      organizationId,
      memberId: member,
      role: wanted,
    });
    expect(await this.#outcome(changing)).toBe(expected);
    if (expected === 'OK') this.model.roles.set(member, wanted);
  }

  async #remove({ by, of }: Step & { does: 'remove' }): Promise<void> {
    const { organizationId } = this.#place;
    const [remover, member] = [this.#person(by), this.#person(of)];
    const expected = this.model.decide(remover, member, true);
    const removing = removeMember(this.#deps, this.as(remover), { organizationId, memberId: member });
    expect(await this.#outcome(removing)).toBe(expected);
    if (expected === 'OK') this.model.forget(member);
  }

  async #join({ of, role: wanted }: Step & { does: 'join' }): Promise<void> {
    const person = this.#person(of);
    if (this.model.roles.has(person)) return;
    const email = this.#emails[this.model.people.indexOf(person)] ?? '';
    await addMember(this.#app.deps.store, this.#place.organizationId, email, wanted);
    this.model.roles.set(person, wanted);
  }

  /** Whatever has happened since: no key has more than whoever gave it that had, and each row is what the model says. */
  async compareRows(): Promise<void> {
    const now = this.#app.clock.now();
    for (const key of this.model.keys) {
      expect(isAtLeast(key.giverHad, key.level)).toBe(true);
      const row = await keyRow(this.#app.deps.store, key.keyId);
      expect([row.level, row.user_id, row.rotated_from]).toEqual([
        key.level,
        key.minter,
        key.replaces?.keyId ?? null,
      ]);
      const ends = Math.min(
        row.revoked_at ?? Number.POSITIVE_INFINITY,
        row.ends_at ?? Number.POSITIVE_INFINITY,
      );
      expect(ends > now).toBe(this.model.valid(key));
    }
  }
}

let plays = 0;

/** An owner, an admin, a developer and a runner, and two workspaces. */
async function begin(app: TestApp): Promise<Play> {
  plays += 1;
  const { store } = app.deps;
  const cast = ['owner', 'admin', 'developer', 'runner'] as const;
  const emails = cast.map((name) => `${name}-${plays}@x`);
  for (const email of emails) await addUser(store, email);
  const [organizationId = ''] = await addOrganizations(store, emails[0] ?? '', 1);
  const users = await store.db.selectFrom('users').select(['id', 'email']).execute();
  const ids = emails.map((email) => users.find((each) => each.email === email)?.id ?? '');
  const model = new Model(ids, () => app.clock.now());
  const play = new Play(app, organizationId, model, emails);
  for (const [index, name] of cast.entries()) {
    model.roles.set(ids[index] ?? '', name);
    if (name !== 'owner') await addMember(store, organizationId, emails[index] ?? '', name);
  }
  const deps = {
    ...app.deps,
    audit: silentRecorder,
    sessions: { ...app.deps.sessions, isLive: async () => true },
  };
  for (const slug of workspaces) {
    const input = { organizationId, environment: 'dev', slug, name: slug } as const;
    await createWorkspace(deps, play.as(ids[0] ?? ''), input);
  }
  return play;
}

describeEachEngine('whatever people are granted, lose and mint', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  it('no environment key exceeds what its minter had when it was minted, and none is minted by a key', async () => {
    const steps = fc.array(step, { minLength: 100, maxLength: 100 });
    let taken = 0;
    let minted = 0;
    const outcomes = fc.asyncProperty(steps, async (each) => {
      const play = await begin(app);
      for (const one of each) {
        await play.take(one);
        taken += 1;
      }
      await play.compareRows();
      minted += play.model.keys.length;
    });
    await fc.assert(outcomes, { numRuns: 100, endOnFailure: true });
    expect(taken).toBe(10_000);
    expect(minted).toBeGreaterThan(1_000);
  }, 180_000);
});

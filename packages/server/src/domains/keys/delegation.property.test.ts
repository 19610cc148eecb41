import { organizationScopes, type Role, roles, type Scope } from '@latchkey/protocol';
import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addMember,
  addOrganizations,
  addUser,
  keyRow,
  removeMember,
  setRole,
} from '../rows-for-tests.sql.ts';

const day = 86_400_000;

/** One thing that somebody does; numbers pick a key or a person, whatever there are by then. */
type Step =
  | { readonly does: 'mint'; by: number; scopes: readonly Scope[]; brief: boolean }
  | { readonly does: 'update'; by: number; of: number; scopes: readonly Scope[] }
  | { readonly does: 'revoke'; by: number; of: number }
  | { readonly does: 'disable'; by: number; of: number }
  | { readonly does: 'enable'; by: number; of: number }
  | { readonly does: 'role'; person: number; role: Role }
  | { readonly does: 'remove'; person: number }
  | { readonly does: 'wait' };

const pick = fc.nat({ max: 30 });
const scopes = fc.subarray([...organizationScopes], { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('mint'), by: pick, scopes, brief: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('update'), by: pick, of: pick, scopes }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('revoke'), by: pick, of: pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constantFrom('disable', 'disable', 'enable'), by: pick, of: pick }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('role'), person: pick, role: fc.constantFrom(...roles) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('remove'), person: pick }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait') }) },
) as fc.Arbitrary<Step>;

/** A key as the model knows it. */
interface ModelKey {
  readonly keyId: string;
  readonly secret: string;
  readonly family: 'organization' | 'personal' | 'admin';
  readonly person: string | undefined;
  scopes: readonly Scope[];
  revoked: boolean;
  disabled: boolean;
  readonly expiresAt: number;
}

/** What the seeds say of who may do what, written down a second time and without a database. */
class Model {
  readonly people: readonly string[];
  readonly keys: ModelKey[] = [];
  readonly roles = new Map<string, Role>();
  readonly #now: () => number;

  constructor(people: readonly string[], now: () => number) {
    this.people = people;
    this.#now = now;
  }

  isActive(key: ModelKey): boolean {
    return !key.revoked && key.expiresAt > this.#now();
  }

  /** What the key may give away at this moment, or why it may do nothing. */
  grantable(key: ModelKey): readonly Scope[] | string {
    if (key.revoked) return 'KEY_REVOKED';
    if (key.disabled) return 'KEY_DISABLED';
    if (!this.isActive(key)) return 'KEY_EXPIRED';
    if (!key.scopes.includes('api-keys:manage')) return 'SCOPE_MISSING';
    if (key.family === 'admin') return organizationScopes;
    const role = this.roles.get(key.person ?? '');
    if (role !== 'owner' && role !== 'admin') return 'ROLE_REQUIRED';
    return key.family === 'personal' ? organizationScopes : [...key.scopes, 'keys:verify'];
  }

  mint(by: ModelKey, wanted: readonly Scope[]): string {
    const grantable = this.grantable(by);
    if (typeof grantable === 'string') return grantable;
    if (wanted.some((scope) => !grantable.includes(scope))) return 'SCOPE_ESCALATION';
    const active = this.keys.filter((key) => key.family === 'organization' && this.isActive(key));
    return active.length >= 20 ? 'MAX_API_KEYS_REACHED' : 'OK';
  }

  update(by: ModelKey, of: ModelKey, wanted: readonly Scope[]): string {
    const grantable = this.grantable(by);
    if (typeof grantable === 'string') return grantable;
    const added = wanted.filter((scope) => !of.scopes.includes(scope));
    if (added.some((scope) => !grantable.includes(scope))) return 'SCOPE_ESCALATION';
    return this.isActive(of) ? 'OK' : 'KEY_NOT_ACTIVE';
  }

  switch(by: ModelKey, of: ModelKey, isDisabled: boolean): string {
    const grantable = this.grantable(by);
    if (typeof grantable === 'string') return grantable;
    if (!this.isActive(of)) return 'KEY_NOT_ACTIVE';
    const isGiven = !isDisabled && of.scopes.some((scope) => !grantable.includes(scope));
    return isGiven ? 'SCOPE_ESCALATION' : 'OK';
  }

  revoke(by: ModelKey, of: ModelKey): string {
    const grantable = this.grantable(by);
    const itself = by === of && this.isActive(by) && !by.disabled;
    return typeof grantable === 'string' && !itself ? grantable : 'OK';
  }
}

/** Plays steps on a server and on the model, and compares after each. */
class Play {
  readonly #app: TestApp;
  readonly #organizationId: string;
  readonly #model: Model;

  constructor(app: TestApp, organizationId: string, model: Model) {
    this.#app = app;
    this.#organizationId = organizationId;
    this.#model = model;
  }

  #key(number: number): ModelKey {
    const { keys } = this.#model;
    const key = keys[number % keys.length];
    if (key === undefined) throw new Error('no key');
    return key;
  }

  /** Only keys of the organization are changed and ended: those of people and of the operator are the cast. */
  #organizationKey(number: number): ModelKey {
    const own = this.#model.keys.filter(({ family }) => family === 'organization');
    return own[number % own.length] ?? this.#key(number);
  }

  #person(number: number): string {
    return this.#model.people[number % this.#model.people.length] ?? '';
  }

  async #call(method: 'POST' | 'PATCH', path: string, by: ModelKey, body: object) {
    const answer = await this.#app.call(path, { method, key: by.secret, body });
    return { outcome: answer.status === 200 ? 'OK' : answer.body.error.code, data: answer.body.data };
  }

  async take(taken: Step): Promise<void> {
    if (taken.does === 'wait') this.#app.clock.advance(day);
    else if (taken.does === 'mint') await this.#mint(taken);
    else if (taken.does === 'update') await this.#update(taken);
    else if (taken.does === 'revoke') await this.#revoke(taken);
    else if (taken.does === 'disable' || taken.does === 'enable') await this.#switch(taken);
    else if (taken.does === 'role') await this.#setRole(this.#person(taken.person), taken.role);
    else await this.#remove(this.#person(taken.person));
  }

  async #mint({ by, scopes: wanted, brief }: Step & { does: 'mint' }): Promise<void> {
    const minter = this.#key(by);
    const path = `/v1/organizations/${this.#organizationId}/keys`;
    const body = { name: 'Key', scopes: wanted, ...(brief && { expiresInDays: 1 }) };
    const expected = this.#model.mint(minter, wanted);
    const { outcome, data } = await this.#call('POST', path, minter, body);
    expect(outcome).toBe(expected);
    if (outcome !== 'OK') return;
    const expiresAt = brief ? this.#app.clock.now() + day : Number.POSITIVE_INFINITY;
    const { keyId, apiKey: secret } = data;
    const { person } = minter;
    const family = 'organization';
    const [revoked, disabled] = [false, false];
    this.#model.keys.push({ keyId, secret, family, person, scopes: wanted, revoked, disabled, expiresAt });
  }

  async #update({ by, of, scopes: wanted }: Step & { does: 'update' }): Promise<void> {
    const [changer, target] = [this.#key(by), this.#organizationKey(of)];
    const expected = this.#model.update(changer, target, wanted);
    const { outcome } = await this.#call('PATCH', `/v1/keys/${target.keyId}`, changer, { scopes: wanted });
    expect(outcome).toBe(expected);
    if (outcome === 'OK') target.scopes = wanted;
  }

  async #revoke({ by, of }: Step & { does: 'revoke' }): Promise<void> {
    const [revoker, target] = [this.#key(by), this.#organizationKey(of)];
    const expected = this.#model.revoke(revoker, target);
    const { outcome } = await this.#call('POST', `/v1/keys/${target.keyId}/revoke`, revoker, {});
    expect(outcome).toBe(expected);
    if (outcome === 'OK') target.revoked = true;
  }

  async #switch({ does, by, of }: Step & { does: 'disable' | 'enable' }): Promise<void> {
    const [caller, target] = [this.#key(by), this.#organizationKey(of)];
    const expected = this.#model.switch(caller, target, does === 'disable');
    const { outcome } = await this.#call('POST', `/v1/keys/${target.keyId}/${does}`, caller, {});
    expect(outcome).toBe(expected);
    if (outcome === 'OK') target.disabled = does === 'disable';
  }

  async #setRole(person: string, role: Role): Promise<void> {
    const { store } = this.#app.deps;
    if (this.#model.roles.has(person)) await setRole(store, this.#organizationId, person, role);
    else await addMember(store, this.#organizationId, person, role);
    this.#model.roles.set(person, role);
  }

  async #remove(person: string): Promise<void> {
    await removeMember(this.#app.deps.store, person, this.#organizationId);
    this.#model.roles.delete(person);
  }

  /** The rows hold what the model says, key by key. */
  async compareRows(): Promise<void> {
    for (const { keyId, scopes: held, revoked, disabled } of this.#model.keys) {
      const row = await keyRow(this.#app.deps.store, keyId);
      const found = [JSON.parse(row.scopes), row.revoked_at !== null, row.disabled_at !== null];
      expect(found).toEqual([held, revoked, disabled]);
    }
  }
}

let plays = 0;

/** An owner, an admin and a runner with a personal key each, an admin key, and one organization key of the owner. */
async function begin(app: TestApp): Promise<Play> {
  plays += 1;
  const people = ['owner', 'admin', 'runner'].map((name) => `${name}@play${plays}.example`);
  const [owner = '', admin = '', runner = ''] = people;
  const { store } = app.deps;
  await addUser(store, owner);
  const [organizationId = ''] = await addOrganizations(store, owner, 1);
  await addMember(store, organizationId, admin, 'admin');
  await addMember(store, organizationId, runner, 'runner');
  const model = new Model(people, () => app.clock.now());
  model.roles.set(owner, 'owner').set(admin, 'admin').set(runner, 'runner');
  const manage: Scope[] = ['api-keys:manage'];
  for (const person of [...people, undefined]) {
    const family = person === undefined ? 'admin' : 'personal';
    const made = await createByOperator(app.deps, { family, email: person, name: 'By hand', scopes: manage });
    const { keyId, apiKey: secret } = made;
    const expiresAt = Number.POSITIVE_INFINITY;
    const [revoked, disabled] = [false, false];
    model.keys.push({ keyId, secret, family, person, scopes: manage, revoked, disabled, expiresAt });
  }
  const play = new Play(app, organizationId, model);
  await play.take({ does: 'mint', by: 0, scopes: organizationScopes, brief: false });
  return play;
}

describeEachEngine('whatever people and keys do', (open, engine) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  it('no key gets a scope that its minter or changer could not give at that moment', async () => {
    const steps = fc.array(step, { minLength: 30, maxLength: 50, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const play = await begin(app);
        for (const each of taken) await play.take(each);
        await play.compareRows();
      }),
      { numRuns: engine === 'sqlite' ? 300 : 30, endOnFailure: false },
    );
  }, 180_000);
});

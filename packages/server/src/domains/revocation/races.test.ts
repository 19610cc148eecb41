import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { together } from '../calls-for-tests.ts';
import type { Receipt } from './revocations.ts';

interface Minted {
  readonly keyId: string;
  readonly apiKey: string;
}

describeEachEngine('64 revocations at once by three servers on one database', (open) => {
  let apps: TestApp[];
  let owner: string;
  let keys: Minted[];

  beforeEach(async () => {
    const store = await open();
    const first = await startTestApp(store);
    const signup = await first.signUp('owner@example.com', 'Acme');
    owner = signup.apiKey.raw;
    apps = [first, await startTestApp(store), await startTestApp(store)];
    const path = `/v1/organizations/${signup.organizationId}/keys`;
    keys = [];
    for (let number = 0; number < 16; number += 1) {
      const body = { name: `Key ${number}`, scopes: ['keys:verify'] };
      keys.push((await first.call(path, { body, key: owner })).body.data);
    }
    // All of them are in all memories.
    for (const { apiKey } of keys) expect(await statuses(apiKey)).toEqual([200, 200, 200]);
  });
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
  });

  const statuses = (key: string) =>
    Promise.all(apps.map(async (app) => (await app.call('/v1/whoami', { key })).status));

  /** What each answer says, and whether any server accepts the key after it. */
  async function revoke(index: number, { keyId, apiKey }: Minted) {
    const app = apps[index % apps.length];
    const answer = await app?.call(`/v1/keys/${keyId}/revoke`, { body: {}, key: owner });
    const receipt: Receipt | undefined = answer?.body.data?.receipt;
    return {
      status: answer?.status,
      outcomes: receipt?.holders.map(({ outcome }) => outcome),
      after: await statuses(apiKey),
    };
  }

  const confirmed = {
    status: 200,
    outcomes: ['confirmed', 'confirmed', 'confirmed'],
    after: [401, 401, 401],
  };

  it.each([
    { what: 'one key', count: 1 },
    { what: 'sixteen keys', count: 16 },
  ])('of $what are each answered with a receipt, and nothing is accepted after', async ({ count }) => {
    const seen = await together(async (index) => {
      const key = keys[index % count];
      return key && revoke(index, key);
    });
    expect(seen).toEqual(seen.map(() => confirmed));
  });
});

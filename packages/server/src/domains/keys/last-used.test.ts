import { createByOperator } from '@latchkey/server';
import { createTestClock, describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { keyRow } from '../rows-for-tests.sql.ts';
import { createLastUsed } from './last-used.ts';
import { shownUse } from './shown-use.ts';

describeEachEngine('when a key was last used', (open) => {
  let app: TestApp;
  let organizationId: string;
  let manager: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    const signup = await app.signUp('owner@example.com');
    organizationId = signup.organizationId;
    manager = signup.apiKey.raw;
    // Done once by a process, and written down.
    await app.deps.revocations.lease();
  });
  afterAll(() => app.close());

  const newKey = () =>
    createByOperator(app.deps, { family: 'admin', name: 'Target', scopes: ['skills:read'] });
  const use = (key: string) => app.call('/v1/whoami', { key });
  const written = async (keyId: string) => (await keyRow(app.deps.store, keyId)).last_used_at;

  it('costs no write when it is used: the store is not asked for one', async () => {
    const { keyId, apiKey } = await newKey();
    const row = await keyRow(app.deps.store, keyId);
    await app.deps.lastUsed.flush();
    const write = vi.spyOn(app.deps.store, 'write');
    for (let count = 0; count < 20; count += 1) expect((await use(apiKey)).status).toBe(200);
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
    expect(await keyRow(app.deps.store, keyId)).toEqual(row);
  });

  it('is written by a flush, with the newest use of many, and nothing else of the row changes', async () => {
    const { keyId, apiKey } = await newKey();
    const row = await keyRow(app.deps.store, keyId);
    for (let count = 0; count < 3; count += 1) {
      app.clock.advance(1000);
      await use(apiKey);
    }
    const usedAt = app.clock.now();
    app.clock.advance(1000);
    await app.deps.lastUsed.flush();
    expect(await keyRow(app.deps.store, keyId)).toEqual({
      ...{ ...row, last_used_at: usedAt },
      ...{ last_used_address: '127.0.0.1', last_used_client: 'lightMyRequest' },
    });
  });

  it('is one write for all keys, and none where nothing was used', async () => {
    const made = [await newKey(), await newKey(), await newKey()];
    for (const { apiKey } of made) await use(apiKey);
    const write = vi.spyOn(app.deps.store, 'write');
    await app.deps.lastUsed.flush();
    await app.deps.lastUsed.flush();
    expect(write).toHaveBeenCalledTimes(1);
    write.mockRestore();
  });

  it('is written a hundred keys at a time, so that nobody waits for all of them', async () => {
    const { keyId } = await newKey();
    const write = vi.spyOn(app.deps.store, 'write');
    const lastUsed = createLastUsed(app.deps.store, () => undefined);
    for (let count = 0; count < 1000; count += 1) lastUsed.touch(`a-${count}`, 1000);
    lastUsed.touch(keyId, 1000);
    await lastUsed.close();
    expect(write).toHaveBeenCalledTimes(11);
    write.mockRestore();
    expect(await written(keyId)).toBe(1000);
  });

  it('is kept where a portion could not be written, and only what was not written is kept', async () => {
    const { keyId } = await newKey();
    let left = 1;
    const write: typeof app.deps.store.write = (work) =>
      left-- > 0 ? app.deps.store.write(work) : Promise.reject(new Error('no disk'));
    const lastUsed = createLastUsed({ ...app.deps.store, write }, () => undefined);
    lastUsed.touch(keyId, 1000);
    for (let count = 0; count < 100; count += 1) lastUsed.touch(`z-${count}`, 1000);
    await expect(lastUsed.flush()).rejects.toThrow('no disk');
    expect(lastUsed.pending(keyId)).toBeUndefined();
    expect(await written(keyId)).toBe(1000);
    expect(lastUsed.pending('z-99')).toBe(1000);
    left = 2;
    await lastUsed.close();
    expect(lastUsed.pending('z-99')).toBeUndefined();
  });

  it('never moves backwards, whoever reports an older use later', async () => {
    const { keyId } = await newKey();
    const other = createLastUsed(app.deps.store, () => undefined);
    app.deps.lastUsed.touch(keyId, 2000);
    other.touch(keyId, 1000);
    await app.deps.lastUsed.flush();
    await other.flush();
    expect(await written(keyId)).toBe(2000);
    other.touch(keyId, 4000);
    other.touch(keyId, 3000);
    expect(other.pending(keyId)).toBe(4000);
    await other.close();
    expect(await written(keyId)).toBe(4000);
  });

  it('is not shown older than it was shown before, while another server knows a newer use', async () => {
    const body = { name: 'Shared', scopes: ['skills:read'] };
    const path = `/v1/organizations/${organizationId}/keys`;
    const { keyId } = (await app.call(path, { body, key: manager })).body.data;
    const now = app.clock.now();
    const other = createLastUsed(app.deps.store, () => undefined);
    other.touch(keyId, now + 2000);
    app.deps.lastUsed.touch(keyId, now + 1000);
    await other.close();
    const { keys } = (await app.call(path, { key: manager })).body.data;
    const shown = keys.find((key: { keyId: string }) => key.keyId === keyId).lastUsedAt;
    expect(shown).toBe(new Date(now + 2000).toISOString());
  });

  it('is known without a gap while it is being written', async () => {
    const { keyId } = await newKey();
    app.deps.lastUsed.touch(keyId, 5000);
    const flushed = app.deps.lastUsed.flush();
    expect(app.deps.lastUsed.pending(keyId)).toBe(5000);
    await flushed;
    expect(app.deps.lastUsed.pending(keyId)).toBeUndefined();
  });

  it('is kept for the next flush when a flush fails', async () => {
    const { keyId } = await newKey();
    let broken = true;
    const write: typeof app.deps.store.write = (work) =>
      broken ? Promise.reject(new Error('no disk')) : app.deps.store.write(work);
    const lastUsed = createLastUsed({ ...app.deps.store, write }, () => undefined);
    lastUsed.touch(keyId, 1000);
    await expect(lastUsed.flush()).rejects.toThrow('no disk');
    expect(lastUsed.pending(keyId)).toBe(1000);
    broken = false;
    await lastUsed.close();
    expect(await written(keyId)).toBe(1000);
  });

  it('is written before the end, also where a flush is under way already', async () => {
    const { keyId } = await newKey();
    const disk = Promise.withResolvers<void>();
    const write: typeof app.deps.store.write = async (work) => {
      await disk.promise;
      return app.deps.store.write(work);
    };
    const lastUsed = createLastUsed({ ...app.deps.store, write }, () => undefined);
    lastUsed.touch(keyId, 1000);
    const flushed = lastUsed.flush();
    const closed = lastUsed.close().then(() => written(keyId));
    disk.resolve();
    expect(await closed).toBe(1000);
    await flushed;
  });

  it('is shown with where it came from, also where that is known only after the use', async () => {
    const { keyId } = await newKey();
    const { lastUsed } = app.deps;
    lastUsed.touch(keyId, 1000);
    lastUsed.touch(keyId, 1000, { address: '203.0.113.9', client: 'curl/8.5.0' });
    lastUsed.touch(keyId, 1000);
    expect(lastUsed.pendingUse(keyId)).toEqual({ at: 1000, address: '203.0.113.9', client: 'curl/8.5.0' });
    await lastUsed.flush();
    lastUsed.touch(keyId, 2000);
    const row = await keyRow(app.deps.store, keyId);
    const shown = { at: new Date(2000).toISOString(), address: '203.0.113.9', client: 'curl/8.5.0' };
    expect(shownUse({ lastUsed }, row)).toEqual(shown);
    await lastUsed.flush();
    expect(shownUse({ lastUsed }, await keyRow(app.deps.store, keyId))).toEqual(shown);
  });

  it('is not touched by creating, listing, changing or revoking the key', async () => {
    const body = { name: 'Managed', scopes: ['skills:read'] };
    const path = `/v1/organizations/${organizationId}/keys`;
    const { keyId } = (await app.call(path, { body, key: manager })).body.data;
    await app.call(path, { key: manager });
    await app.call(`/v1/keys/${keyId}`, { method: 'PATCH', body: { name: 'Renamed' }, key: manager });
    await app.call(`/v1/keys/${keyId}/revoke`, { body: {}, key: manager });
    await app.deps.lastUsed.flush();
    expect(await written(keyId)).toBe(null);
  });

  it('does not count a request that was refused for the key itself', async () => {
    const { keyId, apiKey } = await newKey();
    await app.call(`/v1/keys/${keyId}/revoke`, { body: {}, key: apiKey });
    await app.deps.lastUsed.flush();
    const usedAt = await written(keyId);
    app.clock.advance(1000);
    expect((await use(apiKey)).status).toBe(401);
    await app.deps.lastUsed.flush();
    expect(await written(keyId)).toBe(usedAt);
  });
});

describeEachEngine('writing down when keys were last used', (open) => {
  it('happens by itself every five seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const app = await startTestApp(await open());
    const { keyId, apiKey } = await createByOperator(app.deps, {
      family: 'admin',
      name: 'Target',
      scopes: ['skills:read'],
    });
    await app.call('/v1/whoami', { key: apiKey });
    const write = vi.spyOn(app.deps.store, 'write');
    vi.advanceTimersByTime(4999);
    expect(write).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    await vi.waitFor(() => expect(write).toHaveBeenCalledTimes(1));
    await write.mock.results[0]?.value;
    expect((await keyRow(app.deps.store, keyId)).last_used_at).toBe(app.clock.now());
    await app.close();
  });

  it('happens when the server ends', async () => {
    const store = await open();
    const clock = createTestClock();
    const app = await startTestApp(store, { clock });
    const request = { family: 'admin', name: 'Target', scopes: ['skills:read'] } as const;
    const { keyId, apiKey } = await createByOperator(app.deps, request);
    clock.advance(1000);
    await app.call('/v1/whoami', { key: apiKey });
    await app.close();
    const after = await startTestApp(store, { clock });
    expect((await keyRow(after.deps.store, keyId)).last_used_at).toBe(clock.now());
    await after.close();
  });
});

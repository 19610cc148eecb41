import { hash as digest, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AuditCheckpoint,
  type AuditEvent,
  auditText,
  checkpointText,
  firstPreviousHash,
} from '@latchkey/protocol/audit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, refused, type TestUser, testUser } from '../../cli-for-tests.ts';

const chain = 'xwk9CcT440Vupa8soIhY';
const serverKeys = generateKeyPairSync('ed25519');
const publicKeyOf = ({ publicKey }: { readonly publicKey: KeyObject }) =>
  String(publicKey.export({ format: 'jwk' }).x);

function checkpoint(seq: number, hash: string, keys = serverKeys): AuditCheckpoint {
  const at = '2026-03-31T00:00:00.000Z';
  const signature = sign(null, Buffer.from(checkpointText({ chain, seq, hash, at })), keys.privateKey);
  const publicKey = publicKeyOf(keys);
  return { kind: 'checkpoint', chain, seq, hash, at, publicKey, signature: signature.toString('base64url') };
}

function eventsTo(last: number): AuditEvent[] {
  let previousHash = firstPreviousHash;
  return Array.from({ length: last }, (_, index) => {
    const unhashed = {
      kind: 'event',
      chain,
      seq: index + 1,
      at: '2026-03-30T08:00:00.000Z',
      action: 'key.create',
      actor: { kind: 'user', id: 'u1', email: 'ann@example.com', fingerprint: null },
      resource: { type: 'key', id: `k${index + 1}` },
      environment: 'dev',
      workspace: 'payments',
      outcome: index % 2 ? 'refused' : 'done',
      code: index % 2 ? 'ADMIN_REQUIRED' : null,
      address: '203.0.113.7',
      client: 'latchkey/0.1.0',
      requestId: null,
      details: {},
      previousHash,
    } as const;
    previousHash = digest('sha256', auditText(unhashed));
    return { ...unhashed, hash: previousHash };
  });
}

function closed(last: number, keys = serverKeys): (AuditEvent | AuditCheckpoint)[] {
  const events = eventsTo(last);
  return [...events, checkpoint(last, events.at(-1)?.hash ?? firstPreviousHash, keys)];
}

const jsonLines = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('latchkey audit', () => {
  let user: TestUser;
  let file: string;
  beforeEach(() => {
    user = testUser();
    file = join(user.home, 'audit.jsonl');
    user.save({
      default: {
        type: 'org-api-key',
        apiKey: 'cko_EXAMPLE',
        organizationId: chain,
        baseUrl: 'http://127.0.0.1:7710',
      },
    });
  });
  afterEach(() => user.remove());

  const exportTo = (lines: readonly object[]) =>
    user.run(['audit', 'export', '--output', file], { replies: [ok({ lines, nextAfter: null })] });
  const verify = (...flags: string[]) => user.run(['audit', 'verify', file, ...flags]);

  it('lists events as a table, and sends each filter', async () => {
    const [first, second] = eventsTo(2);
    const run = await user.run(
      'audit --action key.create --actor ann@example.com --env dev --workspace payments --since 2026-03-30',
      { replies: [ok({ events: [second, first], nextCursor: null })] },
    );
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(
      '2026-03-30 08:00:00  key.create  refused: ADMIN_REQUIRED  ann@example.com  key k2',
    );
    expect(run.stdout).toContain('dev/payments');
    const sent = new URL(run.sent[0]?.url ?? '');
    expect(sent.pathname).toBe(`/v1/organizations/${chain}/audit`);
    expect(Object.fromEntries(sent.searchParams)).toEqual({
      action: 'key.create',
      actor: 'ann@example.com',
      environment: 'dev',
      workspace: 'payments',
      since: '2026-03-30T00:00:00.000Z',
      limit: '50',
    });
  });

  it('reads as many pages as the limit takes, and says that there are more', async () => {
    const page = (nextCursor: number | null) => ok({ events: eventsTo(200), nextCursor });
    const run = await user.run('audit list --limit 300', { replies: [page(201), page(1)] });
    expect(run.sent.map(({ url }) => new URL(url).searchParams.get('limit'))).toEqual(['200', '100']);
    expect(run.stderr).toContain('There are more');
  });

  it('prints JSON, and the refusal of the server', async () => {
    const data = { events: eventsTo(1), nextCursor: null };
    expect((await user.run('audit --json', { replies: [ok(data)] })).json()).toEqual(data);
    const run = await user.run('audit', { replies: [refused(403, 'ROLE_REQUIRED')] });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('Message of ROLE_REQUIRED.');
  });

  it.each(['yesterday', '2026-13-40', '5x'])('does not take %s for a time', async (since) => {
    const run = await user.run(['audit', '--since', since]);
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).toContain('--since takes a day');
  });

  it('exports every page into a file that verifies', async () => {
    const lines = closed(5);
    const replies = [
      ok({ lines: lines.slice(0, 3), nextAfter: 3 }),
      ok({ lines: lines.slice(3), nextAfter: null }),
    ];
    const run = await user.run(['audit', 'export', '--output', file], { replies });
    expect(run.code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(jsonLines(lines));
    const checked = await verify();
    expect(checked.code).toBe(0);
    expect(checked.stdout).toContain('Events:      5');
    expect(checked.stdout).toContain('as in an earlier export on this machine');
    expect(checked.sent).toEqual([]);
  });

  it('exports to standard output, and says everything else beside it', async () => {
    const run = await user.run('audit export', { replies: [ok({ lines: closed(2), nextAfter: null })] });
    expect(run.stdout).toBe(jsonLines(closed(2)));
    expect(run.stderr).toContain('Unbroken');
  });

  it('names what was changed in a file, and exits with 1', async () => {
    await exportTo(closed(5));
    const lines = closed(5);
    lines[2] = { ...(lines[2] as AuditEvent), address: '198.51.100.1' };
    writeFileSync(file, jsonLines(lines));
    const run = await verify();
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('✗ edited  at event 3, line 3: event 3 is not what was written');
    expect((await verify('--json')).json()).toMatchObject({ ok: false, fault: 'edited', seq: 3, line: 3 });
  });

  it('finds out a file that was cut before a checkpoint that was seen here', async () => {
    await exportTo(closed(5));
    writeFileSync(file, jsonLines(closed(3)));
    const run = await verify();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('✗ cut  at event 4');
    expect((await exportTo(closed(3))).code).toBe(1);
    expect((await exportTo(closed(7))).code).toBe(0);
  });

  it('finds out a chain that was rebuilt and signed with another key', async () => {
    const forged = closed(5, generateKeyPairSync('ed25519'));
    writeFileSync(file, jsonLines(forged));
    const unknown = await verify();
    expect(unknown.code).toBe(0);
    expect(unknown.stdout).toContain('not known here before');
    const given = await verify('--public-key', publicKeyOf(serverKeys));
    expect(given.stderr).toContain('✗ not signed');
    await exportTo(closed(5));
    writeFileSync(file, jsonLines(forged));
    expect((await verify()).stderr).toContain('✗ not signed');
  });

  it('says which file it cannot read', async () => {
    const run = await verify();
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('there is no such file');
  });
});

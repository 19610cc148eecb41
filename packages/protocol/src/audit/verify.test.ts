import { hash as digest, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditCheckpoint,
  type AuditEvent,
  auditText,
  checkpointText,
  firstPreviousHash,
} from './event.ts';
import { type AuditKnowledge, verifyAuditExport, verifyAuditLines } from './verify.ts';
import type { AuditVerdict } from './verify-line.ts';

const total = 1000;
const everyNth = 100;
type Line = AuditEvent | AuditCheckpoint;

function rawPublicKey(key: KeyObject): string {
  return String(key.export({ format: 'jwk' }).x);
}

function checkpoint(chain: string, seq: number, hash: string, keys = signing): AuditCheckpoint {
  const at = '2026-01-02T00:00:00.000Z';
  const signature = sign(null, Buffer.from(checkpointText({ chain, seq, hash, at })), keys.privateKey);
  return {
    kind: 'checkpoint',
    chain,
    seq,
    hash,
    at,
    publicKey: rawPublicKey(keys.publicKey),
    signature: signature.toString('base64url'),
  };
}

function event(seq: number, previousHash: string): AuditEvent {
  const unhashed = {
    kind: 'event',
    chain: 'org1',
    seq,
    at: new Date(Date.UTC(2026, 0, 1) + seq).toISOString(),
    action: seq % 2 ? 'key.create' : 'key.revoke',
    actor: { kind: 'user', id: `user-${seq % 7}`, email: 'ann@example.com', fingerprint: null },
    resource: { type: 'key', id: `key-${seq}` },
    environment: null,
    workspace: null,
    outcome: 'done',
    code: null,
    address: '192.0.2.1',
    client: 'latchkey/0.1.0',
    requestId: `request-${seq}`,
    details: { name: `Key ${seq}`, count: seq },
    previousHash,
  } as const;
  return { ...unhashed, hash: digest('sha256', auditText(unhashed)) };
}

function chainOf(length: number): Line[] {
  const lines: Line[] = [];
  let previous = firstPreviousHash;
  for (let seq = 1; seq <= length; seq += 1) {
    const next = event(seq, previous);
    previous = next.hash;
    lines.push(next);
    if (seq % everyNth === 0 || seq === length) lines.push(checkpoint('org1', seq, previous));
  }
  return lines;
}

const signing = generateKeyPairSync('ed25519');
let intact: Line[];

beforeAll(() => {
  intact = chainOf(total);
});

function verify(lines: readonly Line[], known?: AuditKnowledge): Promise<AuditVerdict> {
  return verifyAuditExport(lines.map((line) => JSON.stringify(line)).join('\n'), known);
}

function indexOfEvent(seq: number): number {
  return intact.findIndex((line) => line.kind === 'event' && line.seq === seq);
}

const anySeq = fc.integer({ min: 1, max: total });
const few = { numRuns: 25 };

describe('an audit export', () => {
  it('that is as it was written is accepted, whatever the order of names in its lines', async () => {
    const shuffled = intact.map(
      (line) => Object.fromEntries(Object.entries(line).toReversed()) as unknown as Line,
    );
    const publicKey = rawPublicKey(signing.publicKey);
    const verdict = { ok: true, chain: 'org1', events: total, checkpoints: total / everyNth, publicKey };
    expect(await verify(intact)).toMatchObject(verdict);
    expect(await verify(shuffled, { publicKey })).toMatchObject(verdict);
  });

  const fieldPaths = [
    ...[
      'chain',
      'at',
      'action',
      'environment',
      'workspace',
      'outcome',
      'code',
      'address',
      'client',
      'requestId',
    ],
    ...['actor.kind', 'actor.id', 'actor.email', 'actor.fingerprint', 'resource.type', 'resource.id'],
    ...['details.name', 'details.count', 'details.added', 'previousHash', 'hash', 'added'],
  ];

  it.each(fieldPaths)('names the first event in which %s was edited', async (path) => {
    await fc.assert(
      fc.asyncProperty(anySeq, async (seq) => {
        const lines = structuredClone(intact);
        const names = path.split('.');
        const last = names.pop() ?? '';
        let holder = lines[indexOfEvent(seq)] as unknown as Record<string, unknown>;
        for (const name of names) holder = holder[name] as Record<string, unknown>;
        holder[last] = `${holder[last]}x`;
        expect(await verify(lines)).toMatchObject({ ok: false, fault: 'edited', seq });
      }),
      { numRuns: 3 },
    );
  });

  it('names the place where an event was inserted', async () => {
    await fc.assert(
      fc.asyncProperty(anySeq, async (seq) => {
        const index = indexOfEvent(seq);
        const twin = { ...(intact[index] as AuditEvent), action: 'key.revoke', requestId: 'forged' };
        const forged = { ...twin, hash: digest('sha256', auditText(twin)) };
        const lines = intact.toSpliced(index + 1, 0, forged);
        expect(await verify(lines)).toMatchObject({ ok: false, fault: 'inserted', seq, line: index + 2 });
      }),
      few,
    );
  });

  it('names the place of a checkpoint that was replaced', async () => {
    const at = intact.findIndex((line) => line.kind === 'checkpoint' && line.seq === 500);
    const { hash } = intact[at] as AuditCheckpoint;
    const forger = generateKeyPairSync('ed25519');
    const replacements: [AuditCheckpoint, string][] = [
      [checkpoint('org1', 500, hash, forger), 'not signed'],
      [
        { ...checkpoint('org1', 500, hash, forger), publicKey: rawPublicKey(signing.publicKey) },
        'not signed',
      ],
      [checkpoint('org1', 500, digest('sha256', 'another')), 'edited'],
      [checkpoint('org2', 500, hash), 'edited'],
      [intact.find((line) => line.kind === 'checkpoint' && line.seq === 400) as AuditCheckpoint, 'reordered'],
    ];
    for (const [replacement, fault] of replacements) {
      const verdict = await verify(intact.with(at, replacement));
      expect(verdict).toMatchObject({ ok: false, fault, seq: replacement.seq, line: at + 1 });
    }
  });

  it('that was cut behind a checkpoint is refused by whoever has seen a later one, and by nobody else', async () => {
    const cut = intact.slice(
      0,
      intact.findIndex((line) => line.seq === 500 && line.kind === 'checkpoint') + 1,
    );
    expect(await verify(cut)).toMatchObject({ ok: true, events: 500 });
    const seen = (seq: number) => ({ checkpoint: intact[indexOfEvent(seq)] as AuditEvent });
    expect(await verify(cut, seen(500))).toMatchObject({ ok: true });
    expect(await verify(cut, seen(501))).toMatchObject({ ok: false, fault: 'cut', seq: 501 });
    expect(await verify(intact, seen(501))).toMatchObject({ ok: true });
  });

  it('that was rebuilt before a checkpoint that was seen is refused, also with the signature of the server', async () => {
    const at = indexOfEvent(700);
    const other = { seq: 700, hash: digest('sha256', 'what it was') };
    expect(await verify(intact, { checkpoint: other })).toMatchObject({
      ok: false,
      fault: 'edited',
      seq: 700,
      line: at + 1,
    });
  });

  it('names an event that was edited and hashed anew, by the link of the one after it or by a checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(anySeq, async (seq) => {
        const lines = structuredClone(intact);
        const index = indexOfEvent(seq);
        const edited = { ...(lines[index] as AuditEvent), action: 'nothing.happened' };
        lines[index] = { ...edited, hash: digest('sha256', auditText(edited)) };
        const verdict = await verify(lines);
        expect(verdict).toMatchObject({ ok: false, fault: 'edited' });
        expect(verdict.ok ? 0 : verdict.seq - seq).toBeOneOf([0, 1]);
      }),
      few,
    );
  });

  it('names the first event that was dropped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: total - 1 }), async (seq) => {
        const lines = intact.filter((line) => !(line.kind === 'event' && line.seq === seq));
        const fault = seq % everyNth === 0 ? 'cut' : 'dropped';
        expect(await verify(lines)).toMatchObject({ ok: false, fault, seq });
      }),
      few,
    );
  });

  it('names the first event that stands in another place', async () => {
    await fc.assert(
      fc.asyncProperty(anySeq, anySeq, async (one, other) => {
        fc.pre(one < other);
        const lines = [...intact];
        const [a, b] = [indexOfEvent(one), indexOfEvent(other)];
        [lines[a], lines[b]] = [lines[b] as Line, lines[a] as Line];
        expect(await verify(lines)).toMatchObject({ ok: false, fault: 'reordered', seq: one });
      }),
      few,
    );
  });

  it('names where it was cut, also when a checkpoint stands last by chance', async () => {
    await fc.assert(
      fc.asyncProperty(anySeq, async (seq) => {
        const cut = intact.slice(0, indexOfEvent(seq));
        const closing = intact.at(-1) as Line;
        expect(await verify([...cut, closing])).toMatchObject({ ok: false, fault: 'cut', seq });
        if (cut.at(-1)?.kind === 'event')
          expect(await verify(cut)).toMatchObject({ ok: false, fault: 'cut', seq });
      }),
      few,
    );
  });

  it('that somebody rebuilt and signed with another key is refused once the key is known', async () => {
    const forger = generateKeyPairSync('ed25519');
    const rebuilt = intact.map((line) =>
      line.kind === 'checkpoint' ? checkpoint(line.chain, line.seq, line.hash, forger) : line,
    );
    expect(await verify(rebuilt)).toMatchObject({ ok: true, publicKey: rawPublicKey(forger.publicKey) });
    const pinned = await verify(rebuilt, { publicKey: rawPublicKey(signing.publicKey) });
    expect(pinned).toMatchObject({ ok: false, fault: 'not signed', seq: everyNth });
  });

  it('is checked as it comes, and no further than the first place where something is wrong', async () => {
    let asked = 0;
    async function* arriving(lines: readonly Line[]) {
      for (const line of lines) {
        asked += 1;
        yield line;
      }
    }
    expect(await verifyAuditLines(arriving(intact))).toMatchObject({ ok: true, events: total });
    expect(asked).toBe(intact.length);
    asked = 0;
    const edited = { ...(intact[indexOfEvent(3)] as AuditEvent), action: 'nothing.happened' };
    const verdict = await verifyAuditLines(arriving(intact.with(indexOfEvent(3), edited)));
    expect(verdict).toMatchObject({ ok: false, fault: 'edited', seq: 3 });
    expect(asked).toBe(3);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'nonsense'],
    ['null', 'null'],
    ['another kind of line', '{"kind":"note","seq":1}'],
  ])('that holds %s is refused and never throws', async (_what, text) => {
    expect(await verifyAuditExport(text)).toMatchObject({ ok: false, seq: 1 });
  });
});

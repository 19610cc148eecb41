import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf, signedAtMs, storedSecret } from './requests-for-tests.ts';
import { senders } from './senders-for-tests.ts';
import { verifySignature } from './verify.ts';

const anyBody = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 200 })
  .filter((text) => text.isWellFormed());
const anyFlips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
  minLength: 1,
  maxLength: 4,
});
const anyHeaderCharacter = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 });

function flipped(body: Buffer, flips: readonly (readonly [number, number])[]): Buffer {
  const changed = Buffer.from(body);
  for (const [place, mask] of flips) {
    const index = place % changed.length;
    changed.writeUInt8(changed.readUInt8(index) ^ mask, index);
  }
  return changed;
}

describe.each(senders)('a message signed by $name', (sender) => {
  const secret = storedSecret({ ...sender.pasted, secret: sender.secret });
  const sign = (body: string) => sender.sign({ id: 'msg_1', body, atMs: signedAtMs }, sender.secret);

  it('is accepted, whatever its body', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        expect(verifySignature(requestOf(await sign(body), body), [secret])).toMatchObject({ ok: true });
      }),
    );
  });

  it('is refused with any bytes of its body changed', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyFlips, async (body, flips) => {
        const changed = flipped(Buffer.from(body), flips);
        fc.pre(!changed.equals(Buffer.from(body)));
        expect(verifySignature(requestOf(await sign(body), changed), [secret]).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused with any character of a header of its signature changed', async () => {
    const headers = await sign('{"a":1}');
    const signed = [
      sender.signatureHeader,
      sender.timestampHeader,
      sender.isTimed ? sender.idHeader : undefined,
    ];
    const anyHeader = fc.constantFrom(...signed.filter((name) => name !== undefined));
    fc.assert(
      fc.property(anyHeader, fc.nat(), anyHeaderCharacter, (name, place, character) => {
        const value = headers[name] ?? '';
        const index = place % value.length;
        const changed = value.slice(0, index) + character + value.slice(index + 1);
        // Hex may be written in either case.
        fc.pre(changed.toLowerCase() !== value.toLowerCase());
        expect(verifySignature(requestOf({ ...headers, [name]: changed }, '{"a":1}'), [secret]).ok).toBe(
          false,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused under any other key', async () => {
    const headers = await sign('{"a":1}');
    const anyKey = fc.uint8Array({ minLength: 32, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(anyKey, (key) => {
        const scheme = { scheme: 'standard', secret: `whsec_${key.toString('base64')}` } as const;
        const other = { ...secret, key: storedSecret(scheme).key };
        expect(verifySignature(requestOf(headers, '{"a":1}'), [other]).ok).toBe(false);
      }),
    );
  });
});

it('no header makes a check throw', () => {
  const anyValue = fc.string({ unit: 'binary-ascii', maxLength: 100 });
  const names = [
    ...new Set(senders.flatMap((each) => [each.signatureHeader, each.timestampHeader, each.idHeader])),
  ];
  const anyHeaders = fc.dictionary(fc.constantFrom(...names.filter((name) => name !== undefined)), anyValue);
  const secrets = senders.map(({ pasted, secret }) => storedSecret({ ...pasted, secret }));
  fc.assert(
    fc.property(anyHeaders, fc.uint8Array({ maxLength: 50 }), (headers, body) => {
      expect(verifySignature(requestOf(headers, Buffer.from(body)), secrets).ok).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

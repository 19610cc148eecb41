import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveSecrets } from './secrets.ts';

const masterKey = Buffer.alloc(32, 7);
const secrets = deriveSecrets(masterKey);

describe('the secrets that a master key yields', () => {
  it('are the same at every start: databases of earlier versions depend on them', () => {
    expect(secrets.masterKeyCheck).toBe(deriveSecrets(Buffer.alloc(32, 7)).masterKeyCheck);
    const exported = [...secrets.keyPeppers.values(), secrets.codePepper].map((key) =>
      key.export().toString('hex'),
    );
    // A change here orphans every key and every sealed text that exists.
    expect({ check: secrets.masterKeyCheck, exported }).toMatchInlineSnapshot(`
      {
        "check": "EYWJrC7jMuo0zuBElYTA3a3--g273qOBJOxiuKUMHYw",
        "exported": [
          "81cd089a1bb42be20e915a704c4abffe0b7bd82980a6c09d8a8e622256822260",
          "20e3216139b756795a86cc661e214009de2c408618ae803380f773c3d6b13fa5",
        ],
      }
    `);
  });

  it('sign with a key for each use, the same at every start', () => {
    const { auditKey, principalKey } = deriveSecrets(Buffer.alloc(32, 7));
    expect(principalKey.publicKey).toBe(secrets.principalKey.publicKey);
    expect(principalKey.publicKey).not.toBe(auditKey.publicKey);
  });

  it('differ from each other, from the master key, and from those of any other master key', () => {
    const other = deriveSecrets(Buffer.alloc(32, 8));
    const keys = [secrets, other].flatMap(({ keyPeppers, codePepper }) => [
      ...keyPeppers.values(),
      codePepper,
    ]);
    const texts = [...keys.map((key) => key.export().toString('hex')), masterKey.toString('hex')];
    expect(new Set(texts).size).toBe(texts.length);
    expect(secrets.masterKeyCheck).not.toBe(other.masterKeyCheck);
  });

  it('cannot be printed or serialised by accident', () => {
    const printed = `${inspect(secrets, { depth: 9, showHidden: true })}${JSON.stringify(secrets)}${String(secrets.codePepper)}`;
    for (const key of [...secrets.keyPeppers.values(), secrets.codePepper]) {
      for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
        expect(printed).not.toContain(key.export().toString(encoding));
      }
    }
  });
});

describe('sealing', () => {
  it('gives back what was sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, purpose) => {
        expect(secrets.unseal(secrets.seal(plain, purpose), purpose)).toBe(plain);
      }),
    );
  });

  it('never gives the same text twice, and never one that shows what is in it', () => {
    const sealed = Array.from({ length: 200 }, () => secrets.seal('the member secret', 'a place'));
    expect(new Set(sealed).size).toBe(200);
    for (const text of sealed)
      expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('member');
  });

  it('is undone for no other purpose and by no other master key', () => {
    const sealed = secrets.seal('secret', 'member-secret/one/ann');
    expect(() => secrets.unseal(sealed, 'member-secret/two/ann')).toThrow();
    expect(() => deriveSecrets(Buffer.alloc(32, 8)).unseal(sealed, 'member-secret/one/ann')).toThrow();
  });

  it('notices a change of any bit and a cut at any length, also down to a shorter tag', () => {
    for (const plain of ['', 'secret']) {
      const bytes = Buffer.from(secrets.seal(plain, 'a place'), 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => secrets.unseal(changed.toString('base64url'), 'a place')).toThrow();
      }
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = bytes.subarray(0, length).toString('base64url');
        expect(() => secrets.unseal(cut, 'a place'), `${length} bytes`).toThrow();
      }
    }
  });
});

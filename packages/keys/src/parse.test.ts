import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyBytes, anyKey, makeKey } from './arbitrary-keys.ts';
import { keyKinds } from './families.ts';
import { generateEnvironmentKey } from './generate.ts';
import { keyPrefixOf, parseKey } from './parse.ts';

const manyRuns = { numRuns: 2000 };
const anyCharacter = fc.oneof(
  fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);

/** A key with one place in it, from its first character to its last. */
const anyKeyAndPlace = anyKey.chain(({ secret }) => fc.tuple(fc.constant(secret), fc.nat(secret.length - 1)));

function expectRefused(text: string): void {
  expect(parseKey(text)).toMatchObject({ ok: false });
}

describe('parseKey', () => {
  it('reads back what every generated key was made as', () => {
    fc.assert(
      fc.property(anyKey, ({ kind, secret }) => {
        const { length: _, ...made } = kind;
        expect(parseKey(secret)).toMatchObject({ ok: true, ...made });
        expect(secret.startsWith(keyPrefixOf(secret))).toBe(true);
        expect(keyPrefixOf(secret)).toHaveLength(12);
      }),
    );
  });

  it('finds the fingerprint that generation gave', () => {
    fc.assert(
      fc.property(fc.constantFrom('dev', 'sandbox', 'prod'), anyBytes, (environment, bytes) => {
        const { secret, ...fingerprints } = generateEnvironmentKey(environment, () => bytes);
        expect(parseKey(secret)).toMatchObject({ ok: true, environment, ...fingerprints });
      }),
    );
  });

  it('refuses any change of one character', () => {
    fc.assert(
      fc.property(anyKeyAndPlace, anyCharacter, ([secret, place], character) => {
        fc.pre(secret[place] !== character);
        expectRefused(secret.slice(0, place) + character + secret.slice(place + 1));
      }),
      manyRuns,
    );
  });

  it('refuses any two characters swapped, neighbours or not', () => {
    const anyDistance = fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 62 }));
    fc.assert(
      fc.property(anyKeyAndPlace, anyDistance, ([secret, first], distance) => {
        const second = (first + distance) % secret.length;
        const swapped = [...secret];
        swapped[first] = secret.charAt(second);
        swapped[second] = secret.charAt(first);
        fc.pre(swapped.join('') !== secret);
        expectRefused(swapped.join(''));
      }),
      manyRuns,
    );
  });

  it('refuses a key cut off at either end, and one with something added at any place', () => {
    fc.assert(
      fc.property(anyKeyAndPlace, fc.string({ minLength: 1 }), ([secret, place], addition) => {
        expectRefused(secret.slice(0, place));
        expectRefused(secret.slice(place + 1));
        expectRefused(secret.slice(0, place) + secret.slice(place + 1));
        expectRefused(secret.slice(0, place) + addition + secret.slice(place));
        expectRefused(secret + addition);
      }),
      manyRuns,
    );
  });

  it('keeps families apart: no exchange of the prefix makes a key of another family', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const made = keyKinds.map((kind) => makeKey(kind, bytes));
        expect(new Set(made.map(({ secret }) => secret)).size).toBe(keyKinds.length);
        for (const { kind, secret } of made) {
          for (const other of keyKinds) {
            const parsed = parseKey(other.prefix + secret.slice(kind.prefix.length));
            // The contract's fingerprint leaves the prefix out, so only environments can be exchanged for each other.
            const exchangeable = kind.family === 'environment' && other.family === 'environment';
            expect(parsed.ok).toBe(kind === other || exchangeable);
          }
        }
      }),
    );
  });

  it('refuses any other text without throwing', () => {
    const prefixed = fc.tuple(fc.constantFrom(...keyKinds), fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), expectRefused), manyRuns);
    fc.assert(
      fc.property(prefixed, ([{ prefix }, rest]) => {
        expect(parseKey(prefix + rest)).toMatchObject({ ok: false, prefix: expect.any(String) });
      }),
      manyRuns,
    );
  });

  it('refuses by length before it reads a body', () => {
    expect(parseKey(`cko_${'0'.repeat(5_000_000)}`)).toEqual({ ok: false, reason: 'length', prefix: 'cko_' });
  });

  it('says alphabet, not checksum, for characters that no key of the family holds', () => {
    fc.assert(
      fc.property(
        anyKey,
        fc.constantFrom('-', '.', '+', '/', '=', ' ', 'é', '０'),
        ({ kind, secret }, odd) => {
          const place = kind.prefix.length + 20;
          const text = secret.slice(0, place) + odd + secret.slice(place + 1);
          expect(parseKey(text)).toEqual({ ok: false, reason: 'alphabet', prefix: kind.prefix });
        },
      ),
    );
  });
});

import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestKey } from './digest.ts';
import { type Environment, type KeyFamily, keyKinds } from './families.ts';
import { generateEnvironmentKey, generateKey } from './generate.ts';
import { keyPrefixOf, parseKey } from './parse.ts';

interface KeyVector {
  readonly family: KeyFamily;
  readonly environment?: Environment;
  readonly prefix: string;
  readonly bytesHex: string;
  readonly key: string;
  readonly keyPrefix: string;
  readonly fingerprint?: string;
  readonly fingerprintHex?: string;
  readonly digest: string;
}

interface RefusedVector {
  readonly why: string;
  readonly text: string;
  readonly reason: string;
  readonly prefix?: string;
}

interface Vectors {
  readonly pepperHex: string;
  readonly keys: readonly KeyVector[];
  readonly refused: readonly RefusedVector[];
}

const vectors: Vectors = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url), 'utf8'));

/** What a generator gives for the vector's bytes, in the vector's own words. */
function generated({ family, environment, bytesHex }: KeyVector): Partial<KeyVector> {
  const random = () => Buffer.from(bytesHex, 'hex');
  if (family !== 'environment') return { key: generateKey(family, random) };
  if (environment === undefined) throw new Error('an environment vector without its environment');
  const { secret, ...fingerprints } = generateEnvironmentKey(environment, random);
  return { key: secret, ...fingerprints };
}

/** What a reader must find in the vector's key. */
function expectedReading({ family, environment, prefix, fingerprint, fingerprintHex }: KeyVector): object {
  const common = { ok: true, family, prefix };
  return family === 'environment' ? { ...common, environment, fingerprint, fingerprintHex } : common;
}

// Keys in the hands of users follow these vectors. A change of the format adds vectors; one that makes an old
// vector fail locks those users out, so no later version may break or remove any of them.
describe('vectors that no later version may break', () => {
  const pepper = createSecretKey(Buffer.from(vectors.pepperHex, 'hex'));

  it('cover every prefix at least three times, all-zero and all-one bytes among them', () => {
    for (const { prefix } of keyKinds) {
      const inputs = vectors.keys
        .filter((vector) => vector.prefix === prefix)
        .map(({ bytesHex }) => bytesHex);
      expect(new Set(inputs).size).toBeGreaterThanOrEqual(3);
      expect(inputs).toEqual(expect.arrayContaining(['00'.repeat(32), 'ff'.repeat(32)]));
    }
    expect(vectors.refused.length).toBeGreaterThanOrEqual(20);
  });

  it.each(vectors.keys)('$prefix from $bytesHex', (vector) => {
    expect(vector).toMatchObject(generated(vector));
    expect(parseKey(vector.key)).toEqual(expectedReading(vector));
    expect(keyPrefixOf(vector.key)).toBe(vector.keyPrefix);
    expect(digestKey(vector.key, pepper)).toBe(vector.digest);
  });

  it.each(vectors.refused)('refused: $why', ({ text, reason, prefix }) => {
    expect(parseKey(text)).toEqual({ ok: false, reason, ...(prefix && { prefix }) });
  });
});

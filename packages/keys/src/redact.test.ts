import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyKey, type MadeKey } from './arbitrary-keys.ts';
import { keyKinds } from './families.ts';
import { generateKey } from './generate.ts';
import { containsKey, redactKeys } from './redact.ts';

const manyRuns = { numRuns: 1000 };
const anyText = fc.string({ unit: 'binary', maxLength: 80 });
const textWithoutPrefix = anyText.filter((text) => !text.includes('ck'));
const fakeKey = generateKey('organization', () => new Uint8Array(32).fill(0xfa));

/** Pieces that could meet a key without a gap and so hide it from a careless pattern. */
const anyPiece = fc.oneof(
  fc.constantFrom('c', 'ck', 'cko', '_', '…', '\\n', 'ck_dev_', 'ck_live_a3f9', 'cko_0123456789'),
  fc.constantFrom(...keyKinds.map(({ prefix }) => prefix)),
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
  fc.tuple(anyKey, fc.nat(60)).map(([{ secret }, length]) => secret.slice(0, length)),
);
const anyPieces = fc.array(anyPiece, { maxLength: 8 }).map((pieces) => pieces.join(''));

function expectHidden({ secret, kind }: MadeKey, redacted: string): void {
  for (let start = kind.prefix.length; start + 16 <= secret.length; start++) {
    expect(redacted).not.toContain(secret.slice(start, start + 16));
  }
}

describe('redactKeys', () => {
  it('replaces a key by its prefix and leaves the text around it alone', () => {
    fc.assert(
      fc.property(textWithoutPrefix, anyKey, textWithoutPrefix, (before, { kind, secret }, after) => {
        const redacted = redactKeys(`${before} ${secret} ${after}`);
        expect(redacted).toBe(`${before} ${kind.prefix}…redacted ${after}`);
      }),
      manyRuns,
    );
  });

  it('hides every key in any text, without a gap around it and between other keys', () => {
    fc.assert(
      fc.property(anyPieces, anyKey, anyPieces, (before, made, after) => {
        expectHidden(made, redactKeys(before + made.secret + after));
      }),
      manyRuns,
    );
  });

  it('hides keys with a wrong checksum or cut off after 16 characters or more', () => {
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 16, max: 52 }), textWithoutPrefix, (made, bodyLength, before) => {
        const { kind, secret } = made;
        const mistyped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0');
        const cut = mistyped.slice(0, kind.prefix.length + bodyLength);
        expect(redactKeys(`${before}${cut}.`)).toBe(`${before}${kind.prefix}…redacted.`);
      }),
      manyRuns,
    );
  });

  it('hides the random part of an environment key whose head is damaged', () => {
    const random = fakeKey.slice(4, 47);
    for (const head of ['', 'a3f', 'a3f9b', 'A3F9', '_', 'a3f9', 'a3f9_']) {
      expect(redactKeys(`ck_dev_${head}${random}`)).toBe('ck_dev_…redacted');
      expect(redactKeys(`ck_dev_${head}_${random}`)).not.toContain(random.slice(0, 16));
    }
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyPieces, (text) => {
        const redacted = redactKeys(text);
        expect(redactKeys(redacted)).toBe(redacted);
      }),
      manyRuns,
    );
  });

  it('leaves text without a prefix alone', () => {
    fc.assert(
      fc.property(textWithoutPrefix, (text) => {
        expect(redactKeys(text)).toBe(text);
      }),
      manyRuns,
    );
  });

  it.each([
    'check_constraint_failed: api_keys_organization_id',
    'stack_overflow_in_handler webhook_delivery_attempts feedback_form_version_two',
    'check_live_status_of_deployments check_dev_environment check_sandbox_organizations',
    'keyPrefix cko_aB12cD34, fingerprint ck_dev_a3f9...8c2d, handle ck_dev_b7e2_3d91',
    'cko_ ckp_ cka_ ck_ ck_dev_ ck_sandbox_ ck_live_',
    'cko_…redacted',
  ])('leaves other text alone: %s', (text) => {
    expect(redactKeys(text)).toBe(text);
  });

  it('takes a word of many millions of characters', () => {
    expect(redactKeys(`cko_${'0'.repeat(20_000_000)} end`)).toBe('cko_…redacted end');
    expect(redactKeys('ck_dev_'.repeat(500_000))).toHaveLength(3_500_000);
  });
});

describe('containsKey', () => {
  it('finds a complete key of any family anywhere in any text', () => {
    fc.assert(
      fc.property(anyPieces, anyKey, anyPieces, (before, { secret }, after) => {
        expect(containsKey(before + secret + after)).toBe(true);
      }),
      manyRuns,
    );
  });

  it('finds nothing in random text, in prefixes with random bodies, or in redacted text', () => {
    const alphanumeric = fc.string({ unit: fc.constantFrom(...'0aZkc_9f'), minLength: 40, maxLength: 80 });
    const lookalike = fc
      .tuple(fc.constantFrom(...keyKinds), alphanumeric)
      .map(([{ prefix }, body]) => prefix + body);
    fc.assert(
      fc.property(fc.oneof(anyText, lookalike), (text) => {
        expect(containsKey(text)).toBe(false);
      }),
      manyRuns,
    );
    fc.assert(
      fc.property(anyPieces, anyKey, (before, { secret }) => {
        expect(containsKey(redactKeys(before + secret))).toBe(false);
      }),
      manyRuns,
    );
  });

  it('does not take a key for one when a character of it is wrong or missing', () => {
    fc.assert(
      fc.property(anyKey, fc.nat(62), ({ secret }, anyPlace) => {
        const place = anyPlace % secret.length;
        const other = secret[place] === '0' ? '1' : '0';
        expect(containsKey(`${secret.slice(0, place)}${other}${secret.slice(place + 1)}`)).toBe(false);
        expect(containsKey(`${secret.slice(0, place)} ${secret.slice(place)}`)).toBe(place === 0);
      }),
      manyRuns,
    );
  });
});

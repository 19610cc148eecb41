import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyKey } from './arbitrary-keys.ts';
import { keyKinds } from './families.ts';
import { type ScanningPattern, scanningPatterns } from './patterns.ts';

const published: readonly (readonly [string, ScanningPattern])[] = Object.entries(scanningPatterns);

/** The prefixes whose patterns match in the text, each with what it matched. */
function matches(text: string): [string, string][] {
  return published.flatMap(([prefix, { pattern }]) =>
    [...text.matchAll(new RegExp(pattern, 'g'))].map(([found]): [string, string] => [prefix, found]),
  );
}

describe('scanningPatterns', () => {
  it('has one pattern for each prefix', () => {
    expect(published.map(([prefix]) => prefix).sort()).toEqual(keyKinds.map(({ prefix }) => prefix).sort());
    expect(new Set(published.map(([, { description }]) => description)).size).toBe(keyKinds.length);
  });

  it('matches every key by its own pattern alone, and exactly the key inside text', () => {
    const separator = fc.constantFrom(' ', '"', "'", '=', ':', '\n', '/', '&', '`', '…', '-', '.');
    fc.assert(
      fc.property(
        fc.string(),
        separator,
        anyKey,
        separator,
        fc.string(),
        (before, left, key, right, after) => {
          fc.pre(!before.includes('ck') && !after.includes('ck'));
          const text = before + left + key.secret + right + after;
          expect(matches(text)).toEqual([[key.kind.prefix, key.secret]]);
          expect(matches(key.secret)).toEqual([[key.kind.prefix, key.secret]]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('does not match a key that is cut off, extended, or part of a longer word', () => {
    fc.assert(
      fc.property(anyKey, fc.constantFrom('0', 'z', 'A', '_'), ({ secret }, character) => {
        expect(matches(secret.slice(0, -1))).toEqual([]);
        expect(matches(secret + character)).toEqual([]);
        expect(matches(character + secret)).toEqual([]);
      }),
    );
  });

  it('stands in the guide for other scanners, and so does one rule that matches all of them', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/leaked-keys.md'), 'utf8');
    for (const [prefix, { pattern, description }] of published) {
      expect(guide).toContain(`| \`${prefix}\` | \`${pattern}\` | ${description} |`);
    }
    const rule = new RegExp(/^regex = '''(.*)'''$/m.exec(guide)?.[1] ?? '$^');
    fc.assert(fc.property(anyKey, ({ secret }) => rule.exec(`"${secret}"`)?.[0] === secret));
  });

  // Literal text, character classes with a fixed count and \b: the part of the syntax that all engines share.
  it.each(published)('%s is written in what JavaScript, PCRE and RE2 share', (_, { pattern }) => {
    expect(pattern).toMatch(/^\\b[a-z_]+(?:\[[0-9A-Za-f-]+z?\]\{\d+\}_?)+\\b$/);
    expect(() => new RegExp(pattern, 'v')).not.toThrow();
  });
});

import { LatchkeyError } from '@latchkey/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeEmail } from './email.ts';

function codeOf(text: string | undefined): string {
  try {
    return normalizeEmail(text);
  } catch (error) {
    if (error instanceof LatchkeyError) return error.code;
    throw error;
  }
}

const label63 = 'a'.repeat(63);

describe('normalizeEmail', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['  ann@example.com\n', 'ann@example.com'],
    ['Ann.Lee@EXAMPLE.Com', 'ann.lee@example.com'],
    ["o'neil+ci_x-1/2@sub.example.co.uk", "o'neil+ci_x-1/2@sub.example.co.uk"],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@BÜCHER.example', 'ann@xn--bcher-kva.example'],
    ['ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
    ['ann@例え。jp', 'ann@xn--r8jz45g.jp'],
    ['a@b-c.de', 'a@b-c.de'],
    ['ann@1.2.3.example', 'ann@1.2.3.example'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`ann@${label63}.com`, `ann@${label63}.com`],
  ])('turns %j into %s', (text, email) => {
    expect(codeOf(text)).toBe(email);
  });

  it.each([undefined, '', ' ', '\t\n'])('asks for an address in place of %j', (text) => {
    expect(codeOf(text)).toBe('EMAIL_REQUIRED');
  });

  it.each([
    'ann',
    '@example.com',
    'ann@',
    'ann@localhost',
    'ann@example',
    'ann@example.c',
    'ann@example.com.',
    'ann@.example.com',
    'ann@exam..ple.com',
    'ann@-example.com',
    'ann@example-.com',
    'ann@exa_mple.com',
    'ann@@example.com',
    'ann@bob@example.com',
    '.ann@example.com',
    'ann.@example.com',
    'ann..lee@example.com',
    'ann lee@example.com',
    'ann@exam ple.com',
    'ann@exam\tple.com',
    'ann@exam\nple.com',
    'ann\r\nBcc: eve@example.com',
    'ann@example.com\r\nBcc: eve@example.org',
    'ann,eve@example.com',
    'Ann <ann@example.com>',
    '"ann"@example.com',
    'änn@example.com',
    'ann\u0000@example.com',
    'ann@example.com/eve',
    'ann@example.com?x',
    'ann@example.com#x',
    'ann@example.com\\eve',
    'ann@example.com:25',
    'ann@ex%61mple.com',
    'ann@ex\u00admple.com',
    'ann@ex\u200bmple.com',
    'ann@[127.0.0.1]',
    'ann@127.0.0.1',
    'ann@192.0.2.44',
    'ann@0x7f.44',
    'ann@2130706433',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a'.repeat(64)}.com`,
    `ann@${`${label63}.`.repeat(4)}com`,
    `ann@${'a.'.repeat(150)}com`,
    `${'a'.repeat(300)}`,
  ])('refuses %j', (text) => {
    expect(codeOf(text)).toBe('EMAIL_INVALID');
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const once = codeOf(text);
        return once === 'EMAIL_INVALID' || codeOf(once) === once;
      }),
    );
  });

  it('gives every spelling of an address the same form', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{1,12}$/);
    const address = fc.tuple(word, word, word).map(([name, host, top]) => `${name}@${host}.${top}`);
    fc.assert(
      fc.property(address, fc.infiniteStream(fc.boolean()), (email, upper) => {
        const spelt = [...email].map((letter) => (upper.next().value ? letter.toUpperCase() : letter));
        expect(codeOf(` ${spelt.join('')}\t`)).toBe(email);
      }),
    );
  });

  it('answers one plain address or one of two codes, whatever it is given', () => {
    const nearly = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      nearly.map(([local, domain]) => `${local}@${domain}.com`),
      nearly.map(([, domain]) => `ann@${domain}.com`),
    );
    fc.assert(
      fc.property(text, (given) => {
        expect(codeOf(given)).toMatch(/^(EMAIL_REQUIRED|EMAIL_INVALID|[!-?^-~]+@[a-z0-9.-]+)$/);
      }),
      { numRuns: 2000 },
    );
  });
});

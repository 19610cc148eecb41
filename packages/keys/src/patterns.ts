import type { KeyPrefix } from './families.ts';

/** A regular expression for secret scanners. */
export interface ScanningPattern {
  /** Source text that JavaScript, PCRE and RE2 read alike: no lookaround, no back-reference, no flag. */
  readonly pattern: string;
  readonly description: string;
}

/**
 * One published pattern per prefix, matching exactly a complete key that stands as a word of its own.
 *
 * Scanners hold copies: a pattern may be added, and none may be changed. Needs no runtime, so a browser can import it.
 */
export const scanningPatterns: Readonly<Record<KeyPrefix, ScanningPattern>> = {
  cko_: { pattern: '\\bcko_[0-9A-Za-z]{49}\\b', description: 'Latchkey organization key' },
  ckp_: { pattern: '\\bckp_[0-9A-Za-z]{49}\\b', description: 'Latchkey personal key' },
  cka_: { pattern: '\\bcka_[0-9A-Za-z]{49}\\b', description: 'Latchkey admin key' },
  ck_: { pattern: '\\bck_[0-9A-Za-z]{49}\\b', description: 'Latchkey instance key' },
  ck_dev_: {
    pattern: '\\bck_dev_[0-9a-f]{4}_[0-9A-Za-z]{43}[0-9a-f]{4}\\b',
    description: 'Latchkey environment key for dev',
  },
  ck_sandbox_: {
    pattern: '\\bck_sandbox_[0-9a-f]{4}_[0-9A-Za-z]{43}[0-9a-f]{4}\\b',
    description: 'Latchkey environment key for sandbox',
  },
  ck_live_: {
    pattern: '\\bck_live_[0-9a-f]{4}_[0-9A-Za-z]{43}[0-9a-f]{4}\\b',
    description: 'Latchkey environment key for prod',
  },
};

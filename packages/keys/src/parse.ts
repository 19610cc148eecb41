import { type Environment, fingerprintEndLength, type PlainFamily, randomLength } from './families.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type KeyForm, type NoKey, readForm } from './form.ts';

/** What a string says about itself; that the key was ever issued is for the database to say. */
export type ParsedKey =
  | { ok: true; family: PlainFamily; prefix: string }
  | {
      ok: true;
      family: 'environment';
      prefix: string;
      environment: Environment;
      fingerprint: string;
      fingerprintHex: string;
    }
  | NoKey;

type EnvironmentForm = Extract<KeyForm, { family: 'environment' }>;

const keyPrefixLength = 12;

/** The first 12 characters, which may be shown and stored (contract/codika.md B.2); of a complete key only. */
export function keyPrefixOf(secret: string): string {
  return secret.slice(0, keyPrefixLength);
}

/**
 * Reads a key string without any lookup; never throws, and reads at most one key's length of any text.
 *
 * The comparisons are not constant-time: what they compare is all in the caller's own string.
 */
export function parseKey(text: string): ParsedKey {
  const form = readForm(text);
  return form.ok && form.family === 'environment' ? parseEnvironmentKey(text, form) : form;
}

/** The prefix is not under the fingerprint: a key with another environment's prefix parses and is not found. */
function parseEnvironmentKey(text: string, { prefix, environment }: EnvironmentForm): ParsedKey {
  const randomStart = prefix.length + fingerprintEndLength + '_'.length;
  const { head, tail, shown, hex } = fingerprintOf(text.slice(randomStart, randomStart + randomLength));
  const agrees = text.startsWith(head, prefix.length) && text.endsWith(tail);
  if (!agrees) return { ok: false, reason: 'checksum', prefix };
  return { ok: true, family: 'environment', prefix, environment, fingerprint: shown, fingerprintHex: hex };
}

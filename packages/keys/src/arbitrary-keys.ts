import fc from 'fast-check';
import { type KeyKind, keyKinds } from './families.ts';
import { generateEnvironmentKey, generateKey } from './generate.ts';

/** For tests only: a complete key and what it was made as. */
export interface MadeKey {
  readonly kind: KeyKind;
  readonly secret: string;
}

/** The key of a kind that fixed bytes give. */
export function makeKey(kind: KeyKind, bytes: Uint8Array): MadeKey {
  const random = () => bytes;
  const secret =
    kind.family === 'environment'
      ? generateEnvironmentKey(kind.environment, random).secret
      : generateKey(kind.family, random);
  return { kind, secret };
}

/** Any 32 bytes. */
export const anyBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** A key of any of the seven kinds. */
export const anyKey = fc
  .tuple(fc.constantFrom(...keyKinds), anyBytes)
  .map(([kind, bytes]) => makeKey(kind, bytes));

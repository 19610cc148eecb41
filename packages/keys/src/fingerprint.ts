import { hash } from 'node:crypto';
import { fingerprintEndLength } from './families.ts';

/** The fingerprint of an environment key: where it starts, where it ends, as shown, and whole. */
export interface Fingerprint {
  readonly head: string;
  readonly tail: string;
  /** `a3f9...8c2d`: 32 bits, for people; not enough to look a key up by. */
  readonly shown: string;
  /** 64 lowercase hex characters. */
  readonly hex: string;
}

/** SHA-256 of a key's random part (contract/culvii.md B.3); a hash over the whole key would be circular. */
export function fingerprintOf(randomPart: string): Fingerprint {
  const hex = hash('sha256', randomPart, 'hex');
  const head = hex.slice(0, fingerprintEndLength);
  const tail = hex.slice(-fingerprintEndLength);
  return { head, tail, shown: `${head}...${tail}`, hex };
}

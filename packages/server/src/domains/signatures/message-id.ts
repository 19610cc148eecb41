import { createHash } from 'node:crypto';
import type { Claim } from './scheme.ts';

const maxLength = 256;

/**
 * Whether a header can be what a sender calls one message: visible ASCII without spaces. Two headers that were joined
 * into one hold a space and are no id.
 */
export function isMessageId(text: string): boolean {
  if (text.length === 0 || text.length > maxLength) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return true;
}

/**
 * What identifies a message that its sender does not name: a digest of all that is signed. Not the signature, of which
 * a message that is signed with two secrets has two; whoever leaves one out must not get a new message.
 */
export function digestOfSigned({ before, after }: Pick<Claim, 'before' | 'after'>, body: Buffer): string {
  return createHash('sha256').update(before).update(body).update(after).digest('base64url');
}

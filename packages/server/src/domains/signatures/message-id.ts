import { createHash } from 'node:crypto';
import type { Claim } from './scheme.ts';

/** Visible ASCII without spaces: two headers that were joined into one hold a space and are no id. */
const idForm = /^[\x21-\x7e]{1,256}$/;

/** Whether a header can be what a sender calls one message. */
export function isMessageId(text: string): boolean {
  return idForm.test(text);
}

/**
 * What identifies a message that its sender does not name: a digest of all that is signed. Not the signature, of which
 * a message that is signed with two secrets has two; whoever leaves one out must not get a new message.
 */
export function digestOfSigned({ before, after }: Pick<Claim, 'before' | 'after'>, body: Buffer): string {
  return createHash('sha256').update(before).update(body).update(after).digest('base64url');
}

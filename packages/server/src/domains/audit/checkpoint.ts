import { sign } from 'node:crypto';
import { type AuditCheckpoint, checkpointText } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets.ts';

/** Signs that a chain has come to this event. */
export function signCheckpoint(
  { auditKey }: Pick<Secrets, 'auditKey'>,
  { chain, seq, hash }: Pick<AuditCheckpoint, 'chain' | 'seq' | 'hash'>,
  now: number,
): AuditCheckpoint {
  const at = toIso(now);
  const { privateKey, publicKey } = auditKey;
  const signature = sign(null, Buffer.from(checkpointText({ chain, seq, hash, at })), privateKey);
  return { kind: 'checkpoint', chain, seq, hash, at, publicKey, signature: signature.toString('base64url') };
}

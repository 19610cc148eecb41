import { type AuditVerdict, verifyAuditExport } from '@latchkey/protocol/audit';
import { type KnownCheckpoint, knownCheckpoint } from './known-checkpoints.ts';

/** What an export is checked against besides itself. */
export interface Check {
  readonly verdict: AuditVerdict;
  /** Where the expected public key came from; nothing where none was known. */
  readonly keySource: '--public-key' | 'an earlier export' | undefined;
  readonly known: KnownCheckpoint | undefined;
}

/** Checks an export by itself, then against the key that is given and what this machine has seen of the chain. */
export async function checkExport(
  configFile: string,
  text: string,
  givenKey: string | undefined,
): Promise<Check> {
  const alone = await verifyAuditExport(text, { publicKey: givenKey });
  if (!alone.ok) return { verdict: alone, keySource: undefined, known: undefined };
  const known = knownCheckpoint(configFile, alone.chain, alone.publicKey);
  if (known === undefined) {
    return { verdict: alone, keySource: givenKey === undefined ? undefined : '--public-key', known };
  }
  const verdict = await verifyAuditExport(text, {
    publicKey: givenKey ?? known.publicKey,
    checkpoint: known.publicKey === alone.publicKey ? known : undefined,
  });
  return { verdict, keySource: givenKey === undefined ? 'an earlier export' : '--public-key', known };
}

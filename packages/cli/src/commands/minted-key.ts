import type { Output } from '@latchkey/protocol';
import type { KeyProfile, KeyType } from '../config/profile.ts';
import { localDate, paint, writeHeading, writeLabels } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/** A key as the key operations and the host mint it: the secret stands in `apiKey`. */
export type MintedKey = Output<'keys.createForOrganization'>;

/** The profile that keeps a minted key. */
export function profileOfMinted(
  minted: MintedKey,
  owner: Pick<KeyProfile, 'baseUrl' | 'organizationId' | 'organizationName'> & { readonly type: KeyType },
): KeyProfile {
  const { apiKey, keyId, name, keyPrefix, scopes, createdAt, expiresAt } = minted;
  return { apiKey, ...owner, keyId, keyName: name, keyPrefix, scopes, createdAt, expiresAt };
}

/** The new key with its secret: the one time that it is printed. */
export function writeMintedKey(
  { out }: Terminal,
  heading: string,
  minted: MintedKey,
  requestId?: string,
): void {
  writeHeading(out, heading);
  out.line(`${paint(out, 'yellow', '⚠ Save the API key below — it will not be shown again.')}\n`);
  writeLabels(out, [
    ['API Key', minted.apiKey],
    ['Key Prefix', minted.keyPrefix],
    ['Key ID', minted.keyId],
    ['Name', minted.name],
    ['Scopes', minted.scopes.join(', ')],
    ['Created', localDate(minted.createdAt)],
    ['Expires', minted.expiresAt === undefined ? undefined : localDate(minted.expiresAt)],
    ['Request ID', requestId],
  ]);
  out.line('');
}

/** That the key was also saved, as the create-key page says it. */
export function writeSavedAs({ out }: Terminal, profileName: string): void {
  out.line(`  Saved as profile "${profileName}" (now active)\n`);
}

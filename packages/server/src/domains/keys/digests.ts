import { digestKey } from '@latchkey/keys';
import type { Secrets } from '../../platform/secrets.ts';

/** The digest under which a new key is kept: that of the newest pepper. */
export function digestForNewKey(secrets: Secrets, secret: string): string {
  const newest = Math.max(...secrets.keyPeppers.keys());
  const pepper = secrets.keyPeppers.get(newest);
  if (pepper === undefined) throw new Error('there is no pepper');
  return `${newest}.${digestKey(secret, pepper)}`;
}

/** The digests under which a presented key may be kept, one for each live pepper. */
export function digestsOf(secrets: Secrets, secret: string): string[] {
  return [...secrets.keyPeppers].map(([version, pepper]) => `${version}.${digestKey(secret, pepper)}`);
}

import type { ParsedKey } from '@latchkey/keys';
import { LatchkeyError } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { refusalOf } from '../key-activity/index.ts';
import type { AuthenticatedKey } from './authenticate.ts';
import { revokedAtOf } from './keys.rules.ts';

/** The refusal of a key of a family that is not accepted where it was sent. */
export function wrongPlace(prefix: string, where: string): LatchkeyError {
  return new LatchkeyError('KEY_WRONG_PLACE', { fill: { prefix, belongs: where } });
}

/** The command with which the holder of a key gets another. */
const mintCommand = {
  environment: 'latchkey key create --name <name>',
  instance: 'latchkey instance key reveal <processInstanceId>',
  other: 'latchkey auth login-request --email <email>',
};

function mintFor(family: string): string {
  return family === 'environment' || family === 'instance' ? mintCommand[family] : mintCommand.other;
}

/** How the holder of a key that was revoked gets on: who holds a key of the organization need not manage its keys. */
function anotherFor(family: string): string {
  if (family === 'organization') {
    return 'Ask whoever manages the keys of the organization for another, or sign in and make one: `latchkey login`.';
  }
  return `Get another key: \`${mintFor(family)}\`.`;
}

/** The refusal of a text that is no whole key, told from it alone. */
export function malformed({ prefix, reason }: Extract<ParsedKey, { ok: false }>): LatchkeyError {
  const mint = mintFor(prefix === 'ck_' ? 'instance' : 'other');
  return new LatchkeyError('KEY_MALFORMED', { internal: reason, fill: { mint } });
}

/** The refusal of a whole key that no one has issued here. */
export function unknownKey(family: 'instance' | 'other', internal?: string): LatchkeyError {
  return new LatchkeyError('KEY_UNKNOWN', {
    fill: { mint: mintFor(family) },
    ...(internal !== undefined && { internal }),
  });
}

/** Throws `KEY_REVOKED` for a key that was revoked, or ended by its rotation, and `KEY_DISABLED` for a disabled one. */
export function refuseUnusable({ row, counted }: AuthenticatedKey, now: number): void {
  const revokedAt = revokedAtOf(row, now);
  if (revokedAt === undefined) {
    if (row.disabled_at !== null) throw refusalOf(new LatchkeyError('KEY_DISABLED'), counted);
    return;
  }
  const fill = { revokedAt: toIso(revokedAt), another: anotherFor(row.family) };
  throw refusalOf(new LatchkeyError('KEY_REVOKED', { fill }), counted);
}

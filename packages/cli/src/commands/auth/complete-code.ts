import type { Output } from '@latchkey/protocol';
import type { Context } from '../../command.ts';
import type { KeyProfile } from '../../config/profile.ts';
import { addressFlags, jsonFlag } from '../../flags.ts';
import { localDate, mask, writeHeading, writeJson, writeLabels } from '../../output.ts';
import { saveLoginKey } from '../../save-profile.ts';

export const codeFlags = {
  email: { value: '<email>', summary: 'Address that got the code', required: true },
  code: { value: '<code>', summary: '6-digit code from the email', required: true },
} as const;

export const newKeyFlags = {
  'key-name': { value: '<name>', summary: 'Label of the new key (default: CLI default key)' },
  'key-expires-in': {
    value: '<days>',
    summary: 'Days until the key expires, 1 to 365 (default: never)',
    number: true,
  },
  name: { value: '<name>', summary: 'Name of the saved profile (default: from the organization)' },
  ...addressFlags,
  ...jsonFlag,
} as const;

type Minted = Output<'otp.completeSignup'> | Output<'otp.completeLogin'>;

interface NewKeyFlags {
  readonly 'key-name': string | undefined;
  readonly 'key-expires-in': number | undefined;
}

/** An object of the fields that were given; undefined when none was. */
export function givenFields<T extends object>(fields: T): T | undefined {
  return Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
}

/** The wishes for the new key as the operations take them. */
export function wishedKey(values: NewKeyFlags) {
  return givenFields({ name: values['key-name'], expiresInDays: values['key-expires-in'] });
}

function profileOf({ organizationId, organizationName, apiKey }: Minted, baseUrl: string): KeyProfile {
  const { raw, name, ...key } = apiKey;
  return {
    apiKey: raw,
    type: 'org-api-key',
    baseUrl,
    organizationId,
    organizationName,
    keyId: key.keyId,
    keyName: name,
    keyPrefix: key.keyPrefix,
    scopes: key.scopes,
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
  };
}

interface Completion {
  readonly heading: string;
  readonly baseUrl: string;
  readonly wantedName: string | undefined;
  readonly json: boolean;
}

function writeMinted(
  { out }: Context['terminal'],
  heading: string,
  profileName: string,
  minted: Minted,
): void {
  const { organizationName, organizationId, apiKey } = minted;
  writeHeading(out, heading);
  writeLabels(out, [
    ['Profile', `${profileName} (active)`],
    ['Organization', `${organizationName} (${organizationId})`],
    ['Key name', apiKey.name],
    ['Key', mask(apiKey.raw)],
    ['Scopes', apiKey.scopes.join(', ')],
    ['Expires', apiKey.expiresAt === undefined ? undefined : localDate(apiKey.expiresAt)],
  ]);
  out.line('\n`latchkey whoami` shows this key as the server sees it.\n');
}

/** Saves the new key as the active profile and reports it, never the secret; answers the exit code. */
export function keepMintedKey(context: Context, minted: Minted, completion: Completion): number {
  const { heading, baseUrl, wantedName, json } = completion;
  const { terminal } = context;
  const profileName = saveLoginKey(context, profileOf(minted, baseUrl), wantedName);
  if (profileName === undefined) return 1;
  if (json) {
    const { raw: _raw, ...apiKey } = minted.apiKey;
    writeJson(terminal.out, { success: true, data: { profileName, ...minted, apiKey } });
  } else {
    writeMinted(terminal, heading, profileName, minted);
  }
  return 0;
}

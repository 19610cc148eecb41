import type { Request as Asked } from '@latchkey/protocol';
import { type Context, UsageError, type Values } from '../../command.ts';
import { jsonObjectOf } from '../../input-file.ts';

type Settings = NonNullable<Asked<'signingSecrets.add'>['settings']>;

/** How a sender without a scheme of its own signs. */
export const hmacFlags = {
  'hmac-header': { value: '<header>', summary: 'hmac: header that carries the signature' },
  'hmac-prefix': { value: '<text>', summary: 'hmac: what stands before the signature there, as sha256=' },
  'hmac-algorithm': {
    value: '<name>',
    summary: 'hmac: sha256 (default), sha512, sha1',
    suggests: ['sha256', 'sha512', 'sha1'],
  },
  'hmac-encoding': {
    value: '<name>',
    summary: 'hmac: hex (default), base64, base64url',
    suggests: ['hex', 'base64', 'base64url'],
  },
  'hmac-template': {
    value: '<text>',
    summary: 'hmac: what is signed, as {timestamp}.{body} (default: {body})',
  },
  'hmac-timestamp-header': {
    value: '<header>',
    summary: 'hmac: header of {timestamp}, Unix time in seconds',
  },
  'hmac-id-header': { value: '<header>', summary: 'hmac: header of {id}, which tells messages apart' },
  'hmac-secret-encoding': {
    value: '<name>',
    summary: 'hmac: how the secret is written: utf8 (default), hex, base64',
    suggests: ['utf8', 'hex', 'base64'],
  },
  settings: {
    value: '<file>',
    summary: 'hmac: JSON file with these settings as the API takes them',
    completes: 'files',
    input: true,
  },
} as const;

type HmacValues = Values<typeof hmacFlags>;

function givenByFlags(values: HmacValues): Record<string, string> {
  const fields = {
    header: values['hmac-header'],
    prefix: values['hmac-prefix'],
    algorithm: values['hmac-algorithm'],
    encoding: values['hmac-encoding'],
    template: values['hmac-template'],
    timestampHeader: values['hmac-timestamp-header'],
    idHeader: values['hmac-id-header'],
    secretEncoding: values['hmac-secret-encoding'],
  };
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}

/**
 * The settings of the scheme `hmac`, flags before the file; undefined for the other schemes. What they may be is for the
 * server to judge.
 *
 * @throws {UsageError} where they are given for another scheme, and where the header is missing.
 */
export async function hmacSettingsOf(
  context: Context,
  scheme: string | undefined,
  values: HmacValues,
): Promise<Settings | undefined> {
  const file =
    values.settings === undefined ? {} : await jsonObjectOf(context, '--settings', values.settings);
  const settings = { ...file, ...givenByFlags(values) };
  if (scheme !== 'hmac') {
    if (Object.keys(settings).length === 0) return undefined;
    throw new UsageError('Settings of the HMAC go with --scheme hmac alone.');
  }
  if (!('header' in settings))
    throw new UsageError('--scheme hmac needs --hmac-header <header> or --settings <file>.');
  return settings as Settings;
}

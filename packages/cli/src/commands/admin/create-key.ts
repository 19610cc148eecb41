import { resolve } from 'node:path';
import { allScopes, type Scope } from '@latchkey/protocol/permissions';
import { type Context, defineCommand, UsageError, type Values } from '../../command.ts';
import { loginName } from '../../config/profile-name.ts';
import { type Failure, reportFailure } from '../../failure.ts';
import { baseUrlFlag, jsonFlag } from '../../flags.ts';
import { writeJson } from '../../output.ts';
import { checkProfileName, savePrintedKey } from '../../save-profile.ts';
import { resolveServer } from '../../server-address.ts';
import type { AdminKeyRequest } from '../../server-package.ts';
import { type MintedKey, profileOfMinted, writeMintedKey, writeSavedAs } from '../minted-key.ts';
import { scopeList } from '../organization/scopes.ts';

const families = ['admin', 'personal'] as const;
type Family = (typeof families)[number];

const defaultScopes: Record<Family, readonly Scope[]> = {
  admin: allScopes,
  personal: ['organizations:create', 'api-keys:manage'],
};
const headings: Record<Family, string> = {
  admin: 'Admin API Key Created Successfully',
  personal: 'Personal API Key Created Successfully',
};

const flags = {
  name: { value: '<name>', summary: 'Key name', required: true },
  family: { value: '<family>', summary: 'admin (default) or personal', choices: families },
  email: { value: '<email>', summary: 'Account that a personal key belongs to' },
  scopes: { value: '<scopes>', summary: 'Scopes, comma-separated (default: see below)' },
  description: { value: '<text>', summary: 'Key description' },
  'expires-in-days': {
    value: '<days>',
    summary: 'Days until the key expires, 1 to 365 (default: never)',
    number: true,
  },
  data: {
    value: '<folder>',
    summary: "The server's data folder (default: LATCHKEY_DATA_DIR, ./latchkey-data)",
    completes: 'files',
  },
  save: { summary: 'Also save the key as a profile and make it active' },
  'profile-name': { value: '<name>', summary: 'Name of that profile (default: from the key name)' },
  ...baseUrlFlag,
  ...jsonFlag,
} as const;

function requestOf({ terminal }: Context, values: Values<typeof flags>): AdminKeyRequest {
  const { name, email, description, data, family = 'admin', 'expires-in-days': expiresInDays } = values;
  if (family === 'personal' && !email) throw new UsageError('A personal key needs --email <email>.');
  if (family === 'admin' && email !== undefined)
    throw new UsageError('--email is for --family personal only.');
  return {
    family,
    name,
    scopes: values.scopes === undefined ? [...defaultScopes[family]] : scopeList(values.scopes),
    ...(email === undefined ? {} : { email }),
    ...(description === undefined ? {} : { description }),
    ...(expiresInDays === undefined ? {} : { expiresInDays }),
    ...(data === undefined ? {} : { dataDir: resolve(terminal.cwd, data) }),
  };
}

/** A domain error of the server package, which is another module instance than any that could be imported here. */
function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || error.name !== 'LatchkeyError') return undefined;
  const { code, message, status, nextAction, details } = error as Error &
    Failure['error'] & { status: number };
  return { success: false, status, error: { code, message, nextAction, details } };
}

function save(context: Context, family: Family, minted: MintedKey, values: Values<typeof flags>) {
  const { baseUrl } = resolveServer(context, values);
  const profile = profileOfMinted(minted, { type: `${family}-api-key`, baseUrl });
  return savePrintedKey(context, profile, values['profile-name'], loginName);
}

/** Prints the new key, once, and saves it where that is wished; answers the exit code. */
function keep(context: Context, family: Family, minted: MintedKey, values: Values<typeof flags>): number {
  const { terminal } = context;
  const profileName = values.save ? save(context, family, minted, values) : undefined;
  if (values.json) writeJson(terminal.out, { success: true, data: minted });
  else writeMintedKey(terminal, headings[family], minted);
  if (profileName !== undefined && !values.json) writeSavedAs(terminal, profileName);
  return values.save && profileName === undefined ? 1 : 0;
}

export const command = defineCommand({
  summary: "Create an admin or personal key, on the server's own host",
  flags,
  notes: [
    'Works on the data folder and the settings of the server, running or not; no key is needed.',
    `Default scopes: all for an admin key, ${defaultScopes.personal.join(', ')} for a personal one.`,
  ],
  examples: [
    'latchkey admin create-key --name Operator --save',
    'latchkey admin create-key --family personal --email you@example.com --name Laptop --expires-in-days 90 --json',
  ],
  async run(context, values) {
    const family = values.family ?? 'admin';
    const request = requestOf(context, values);
    checkProfileName(values['profile-name'], '--profile-name');
    if (values.save) context.config.checkWritable();
    const { adminCreateKey } = context.serverPackage ?? (await import('@latchkey/server'));
    let minted: MintedKey;
    try {
      minted = await adminCreateKey(request);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      return reportFailure(context.terminal, failure, values.json);
    }
    return keep(context, family, minted, values);
  },
});

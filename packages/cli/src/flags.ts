import type { Environment } from './config/profile.ts';

/** On every command. */
export const jsonFlag = { json: { summary: 'Print JSON' } } as const;

export const baseUrlFlag = {
  'base-url': { value: '<url>', summary: 'Server to talk to (default: that of the profile)' },
} as const;

/** Where a command reaches the server. */
export const addressFlags = {
  ...baseUrlFlag,
  'api-url': { value: '<url>', summary: 'Full address of the endpoint, in place of --base-url' },
} as const;

export const profileFlag = {
  profile: {
    value: '<name>',
    summary: 'Saved profile to use in place of the active one',
    completes: 'profiles',
  },
} as const;

export const keyFlags = {
  'api-key': { value: '<key>', summary: 'API key to use; - reads it from standard input', input: true },
  'api-key-file': {
    value: '<file>',
    summary: 'File that holds the API key to use',
    completes: 'files',
    input: true,
  },
} as const;

/** On every command that calls the API with a key. */
export const apiFlags = { ...addressFlags, ...keyFlags, ...profileFlag, ...jsonFlag } as const;

export const environments = ['dev', 'sandbox', 'prod'] as const satisfies readonly Environment[];

/** What overrides the context for one command, and is never saved. */
export const placeFlags = {
  organization: { value: '<name>', summary: 'Organization to act in, by id or name (default: the context)' },
  env: {
    value: '<env>',
    summary: 'Environment to act in (default: the context, dev)',
    choices: environments,
  },
} as const;

/** On every command that only a signed-in person can use. */
export const sessionFlags = {
  ...placeFlags,
  ...baseUrlFlag,
  ...keyFlags,
  ...profileFlag,
  ...jsonFlag,
} as const;

/** On every command of the door: it calls endpoints with ids in their path, for which `--api-url` is no use. */
export const callFlags = { ...baseUrlFlag, ...keyFlags, ...profileFlag, ...jsonFlag } as const;

/** Where the credential does not say it. */
export const organizationIdFlag = {
  'organization-id': {
    value: '<id>',
    summary: 'Organization to act in (default: that of the profile or of the key)',
  },
} as const;

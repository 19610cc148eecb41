import { resolve } from 'node:path';
import { z } from 'zod';
import { cliClientId, type IntrospectionClient, type UpstreamSettings } from './domains/oauth/index.ts';
import { isAllowedTarget } from './engines/http/index.ts';
import { isAddressRange } from './platform/address-range.ts';
import { type LogLevel, logLevels } from './platform/logger.ts';
import { isLoopbackHost, isLoopbackUrl } from './platform/loopback.ts';
import { decodeMasterKey } from './platform/master-key.ts';
import { SettingsError } from './platform/settings-error.ts';

/** Everything that can be set from outside, checked and with its defaults. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Where callers reach the server; undefined = the address it listens on. */
  readonly publicUrl: string | undefined;
  /** `postgres://…`; undefined = SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  readonly masterKey: Uint8Array | undefined;
  /** Addresses and CIDR ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /**
   * Addresses, CIDR ranges and host names that targets may be at although they are not public. For a server that only
   * this machine can reach (local development) loopback is among them.
   */
  readonly allowedTargets: readonly string[];
  /** Largest body that starts a workflow. */
  readonly triggerBodyLimitBytes: number;
  /** How many keys are remembered at once by those who verify them. */
  readonly knownKeys: number;
  /** Who may ask whether an access token is good. */
  readonly introspectionClients: readonly IntrospectionClient[];
  /** An OpenID provider that can stand in for the emailed code. */
  readonly upstream: UpstreamSettings | undefined;
  readonly logLevel: LogLevel;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function url(...protocols: string[]) {
  return z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
      error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
      abort: true,
    })
    .refine(isDecodable, {
      error: 'must have % only before two hex digits: a % that is meant as such is %25',
      abort: true,
    });
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const client = /^([A-Za-z0-9._-]{1,100}):(\S{32,})$/;

/** The settings of the other provider: all of them, or none. */
export const upstreamNames = [
  'LATCHKEY_UPSTREAM_ISSUER',
  'LATCHKEY_UPSTREAM_CLIENT_ID',
  'LATCHKEY_UPSTREAM_CLIENT_SECRET',
] as const;

const mebibyte = 1024 * 1024;
const minTriggerBodyBytes = 1024;
const maxTriggerBodyBytes = 64 * mebibyte;
const minKnownKeys = 100;
const maxKnownKeys = 10_000_000;
const knownKeysRule = 'must be a number of keys from 100 to 10000000';
const bodyLimitRule = 'must be a number of bytes from 1024 to 67108864';

const environment = z.object({
  LATCHKEY_HOST: z.string().min(1).default('127.0.0.1'),
  LATCHKEY_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65535, 'must be a port number from 0 to 65535')
    .default(4700),
  LATCHKEY_DATA_DIR: z.string().min(1).default('./latchkey-data'),
  LATCHKEY_PUBLIC_URL: url('http:', 'https:').optional().describe('where callers reach the server'),
  LATCHKEY_DATABASE_URL: url('postgres:', 'postgresql:')
    .optional()
    .describe('postgres://…; without it, SQLite in the data folder'),
  LATCHKEY_REDIS_URL: url('redis:', 'rediss:').optional(),
  LATCHKEY_SMTP_URL: url('smtp:', 'smtps:')
    .refine((value) => new URL(value).hostname !== '', 'must name the host of the mail server')
    .optional()
    .describe(
      'smtp://user:password@host:587 (STARTTLS, required unless the host is loopback) or smtps://…. Required when other machines can reach the server, or a proxy is trusted',
    ),
  LATCHKEY_MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'must be an email address, or Name <address>')
    .optional(),
  LATCHKEY_MASTER_KEY: z
    .string()
    .refine((text) => decodeMasterKey(text) !== undefined, 'must be 32 bytes, as 64 hex digits or as base64')
    .optional(),
  LATCHKEY_TRUSTED_PROXIES: list
    .refine((items) => items.every(isAddressRange), 'must be addresses or CIDR ranges, separated by commas')
    .default([]),
  LATCHKEY_ALLOWED_TARGETS: list
    .refine(
      (items) => items.every(isAllowedTarget),
      'must be addresses, CIDR ranges or host names, separated by commas',
    )
    .default([]),
  LATCHKEY_TRIGGER_BODY_LIMIT_BYTES: z
    .string()
    .regex(/^\d{1,9}$/, bodyLimitRule)
    .transform(Number)
    .refine((bytes) => bytes >= minTriggerBodyBytes && bytes <= maxTriggerBodyBytes, bodyLimitRule)
    .default(mebibyte)
    .describe('largest body that starts a workflow'),
  LATCHKEY_KNOWN_KEYS: z
    .string()
    .regex(/^\d{1,8}$/, knownKeysRule)
    .transform(Number)
    .refine((keys) => keys >= minKnownKeys && keys <= maxKnownKeys, knownKeysRule)
    .default(100_000),
  LATCHKEY_INTROSPECTION_CLIENTS: list
    .refine(
      (items) => items.every((item) => client.test(item) && !item.startsWith(`${cliClientId}:`)),
      'must be <client id>:<secret of at least 32 characters>, several separated by commas',
    )
    .default([]),
  LATCHKEY_UPSTREAM_ISSUER: url('https:', 'http:')
    .refine(
      (issuer) => issuer.startsWith('https:') || isLoopbackUrl(issuer),
      'must be https:// unless it is on this machine',
    )
    .optional()
    .describe('an OpenID provider that people may sign in with'),
  LATCHKEY_UPSTREAM_CLIENT_ID: z.string().min(1).optional(),
  LATCHKEY_UPSTREAM_CLIENT_SECRET: z.string().min(1).optional(),
  LATCHKEY_N8N_BASE_URL: url('http:', 'https:').optional(),
  LATCHKEY_N8N_API_KEY: z.string().min(1).optional(),
  LATCHKEY_IDENTITY: z
    .literal('local', { error: 'must be local; firebase is not available in this version' })
    .default('local'),
  LATCHKEY_LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
});

/** What a setting is about, in the words of the README; empty for one that is only the operator's concern. */
export function describeSetting(name: keyof typeof environment.shape): string {
  return environment.shape[name].description ?? '';
}

/** Settings of the environment that are read but that nothing in this version acts on. */
export function unusedSettings(env: NodeJS.ProcessEnv): string[] {
  return ['LATCHKEY_REDIS_URL', 'LATCHKEY_N8N_BASE_URL', 'LATCHKEY_N8N_API_KEY'].filter((name) => env[name]);
}

/** What the command line may say over the environment. */
export interface SettingsFlags {
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly dataDir?: string | undefined;
}

function withFlags(env: NodeJS.ProcessEnv, flags: SettingsFlags): NodeJS.ProcessEnv {
  const named: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) if (value !== '') named[name] = value;
  if (flags.host !== undefined) named.LATCHKEY_HOST = flags.host;
  if (flags.port !== undefined) named.LATCHKEY_PORT = String(flags.port);
  if (flags.dataDir !== undefined) named.LATCHKEY_DATA_DIR = flags.dataDir;
  return named;
}

/** All of the upstream settings or none; throws naming those that are missing. */
function upstreamOf(read: z.output<typeof environment>): UpstreamSettings | undefined {
  const [issuer, clientId, clientSecret] = upstreamNames.map((name) => read[name]);
  if (issuer !== undefined && clientId !== undefined && clientSecret !== undefined) {
    return { issuer, clientId, clientSecret };
  }
  const missing = upstreamNames.filter((name) => read[name] === undefined);
  if (missing.length === upstreamNames.length) return undefined;
  throw new SettingsError(missing.map((name) => `${name} is missing: the others of its kind are set`));
}

function introspectionClientsOf(items: readonly string[]): IntrospectionClient[] {
  return items.map((item) => {
    const [, id = '', secret = ''] = client.exec(item) ?? [];
    return { id, secret };
  });
}

const loopbackTargets = ['127.0.0.0/8', '::1'];

/** Whether only this machine can reach the server; what a trusted proxy forwards comes from elsewhere. */
function isLocal(read: z.output<typeof environment>): boolean {
  const publicUrl = read.LATCHKEY_PUBLIC_URL;
  return (
    isLoopbackHost(read.LATCHKEY_HOST) &&
    (publicUrl === undefined || isLoopbackUrl(publicUrl)) &&
    read.LATCHKEY_TRUSTED_PROXIES.length === 0
  );
}

/** Reads and checks every setting; throws one `SettingsError` that names each wrong one, never its value. */
export function readSettings(env: NodeJS.ProcessEnv, flags: SettingsFlags = {}): Settings {
  const parsed = environment.safeParse(withFlags(env, flags));
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const read = parsed.data;
  const masterKey = read.LATCHKEY_MASTER_KEY;
  return {
    host: read.LATCHKEY_HOST,
    port: read.LATCHKEY_PORT,
    dataDir: resolve(read.LATCHKEY_DATA_DIR),
    publicUrl: read.LATCHKEY_PUBLIC_URL?.replace(/\/+$/, ''),
    databaseUrl: read.LATCHKEY_DATABASE_URL,
    smtpUrl: read.LATCHKEY_SMTP_URL,
    mailFrom: read.LATCHKEY_MAIL_FROM,
    masterKey: masterKey === undefined ? undefined : decodeMasterKey(masterKey),
    trustedProxies: read.LATCHKEY_TRUSTED_PROXIES,
    allowedTargets: [...read.LATCHKEY_ALLOWED_TARGETS, ...(isLocal(read) ? loopbackTargets : [])],
    triggerBodyLimitBytes: read.LATCHKEY_TRIGGER_BODY_LIMIT_BYTES,
    knownKeys: read.LATCHKEY_KNOWN_KEYS,
    introspectionClients: introspectionClientsOf(read.LATCHKEY_INTROSPECTION_CLIENTS),
    upstream: upstreamOf(read),
    logLevel: read.LATCHKEY_LOG_LEVEL,
  };
}

/** What a key is for; every key string belongs to exactly one. */
export type KeyFamily = 'organization' | 'personal' | 'admin' | 'instance' | 'environment';

/** The environment that an environment key is valid in, for life (contract/culvii.md A.4). */
export type Environment = 'dev' | 'sandbox' | 'prod';

/** The families whose strings are prefix, random body and checksum. */
export type PlainFamily = Exclude<KeyFamily, 'environment'>;

/** Prefix of each plain family (contract/codika.md B.1). */
export const plainPrefixes = {
  organization: 'cko_',
  personal: 'ckp_',
  admin: 'cka_',
  instance: 'ck_',
} as const satisfies Record<PlainFamily, string>;

/** Prefix of each environment's keys; prod is `ck_live_` (contract/culvii.md B.1). */
export const environmentPrefixes = {
  dev: 'ck_dev_',
  sandbox: 'ck_sandbox_',
  prod: 'ck_live_',
} as const satisfies Record<Environment, string>;

/** One of the seven prefixes. */
export type KeyPrefix = (typeof plainPrefixes)[PlainFamily] | (typeof environmentPrefixes)[Environment];

/** The places where a family's keys are accepted, in the words that an error message can use. */
export const presentedIn: Readonly<Record<KeyFamily, readonly string[]>> = {
  organization: ['X-Process-Manager-Key', 'Authorization: Bearer'],
  personal: ['X-Process-Manager-Key', 'Authorization: Bearer'],
  admin: ['X-Process-Manager-Key', 'Authorization: Bearer'],
  instance: ['X-API-Key', '?api_key='],
  environment: ['X-API-Key', 'Authorization: Bearer'],
};

/** Characters of base62 that hold 256 bits. */
export const randomLength = 43;
/** Characters of base62 that hold a CRC32. */
export const checksumLength = 6;
/** Hex characters of the fingerprint at either end of an environment key. */
export const fingerprintEndLength = 4;

/** What a prefix says, and the length of a complete string that starts with it. */
export type KeyKind = { readonly prefix: KeyPrefix; readonly length: number } & (
  | { readonly family: PlainFamily }
  | { readonly family: 'environment'; readonly environment: Environment }
);

function plainKind(family: PlainFamily): KeyKind {
  const prefix = plainPrefixes[family];
  return { prefix, length: prefix.length + randomLength + checksumLength, family };
}

function environmentKind(environment: Environment): KeyKind {
  const prefix = environmentPrefixes[environment];
  const bodyLength = fingerprintEndLength + '_'.length + randomLength + fingerprintEndLength;
  return { prefix, length: prefix.length + bodyLength, family: 'environment', environment };
}

/** All seven kinds, longest prefix first: `ck_dev_` must be tried before `ck_`. */
export const keyKinds: readonly KeyKind[] = [
  environmentKind('sandbox'),
  environmentKind('prod'),
  environmentKind('dev'),
  plainKind('organization'),
  plainKind('personal'),
  plainKind('admin'),
  plainKind('instance'),
];

/** The kind whose prefix stands in `text` at `start`; nothing behind the prefix has been looked at. */
export function kindAt(text: string, start = 0): KeyKind | undefined {
  for (const kind of keyKinds) if (text.startsWith(kind.prefix, start)) return kind;
  return undefined;
}

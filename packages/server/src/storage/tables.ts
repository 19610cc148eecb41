import type { KeyFamily } from '@latchkey/keys';
import type { Role, Scope } from '@latchkey/protocol';

/** Instants are milliseconds since the Unix epoch; `null` where something has not happened. */

export interface MetaTable {
  name: string;
  value: string;
}

export interface UsersTable {
  id: string;
  /** Normalised; one account per address. */
  email: string;
  created_at: number;
  /** How many personal keys were ever minted; like `keys_minted` of an organization. */
  keys_minted: number;
}

export interface OrganizationsTable {
  id: string;
  name: string;
  description: string;
  size: string | null;
  logo_url: string | null;
  created_at: number;
  /** How many keys were ever minted; moving it is also what makes mints of one organization wait for each other. */
  keys_minted: number;
}

export interface OrganizationLogosTable {
  organization_id: string;
  mime_type: string;
  bytes: Uint8Array;
  sha256: string;
}

export interface MembershipsTable {
  organization_id: string;
  user_id: string;
  role: Role;
  /** Sealed; workflows that start without a call prove themselves with it (contract/codika.md A.1). */
  member_secret_sealed: string;
  created_at: number;
}

export interface ApiKeysTable {
  id: string;
  family: KeyFamily;
  /** `<pepper version>.<HMAC-SHA256 of the secret, base64url>`; the secret itself is nowhere. */
  digest: string;
  /** The first 12 characters, for display. */
  prefix: string;
  name: string;
  description: string;
  /** JSON array of scope names. */
  scopes: string;
  organization_id: string | null;
  /** The person the key acts as. */
  user_id: string | null;
  created_at: number;
  updated_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

export interface OtpChallengesTable {
  id: string;
  email: string;
  purpose: 'signup' | 'login';
  code_digest: string;
  attempts_remaining: number;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

export interface LimitsTable {
  /** What is counted, for whom. */
  name: string;
  count: number;
  started_at: number;
  ends_at: number;
}

/** The tables of the database, as Kysely knows them. */
export interface Tables {
  meta: MetaTable;
  users: UsersTable;
  organizations: OrganizationsTable;
  organization_logos: OrganizationLogosTable;
  memberships: MembershipsTable;
  api_keys: ApiKeysTable;
  otp_challenges: OtpChallengesTable;
  limits: LimitsTable;
}

/** Scopes as they are kept in a row. */
export function encodeScopes(scopes: readonly Scope[]): string {
  return JSON.stringify(scopes);
}

export function decodeScopes(text: string): Scope[] {
  return JSON.parse(text) as Scope[];
}

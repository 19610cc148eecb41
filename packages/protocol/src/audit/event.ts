/** Who did something: a person, a key, or the server itself. */
export interface AuditActor {
  readonly kind: 'user' | 'key' | 'operator' | 'system' | 'anonymous';
  /** A user id, or a key id; none where nobody proved who they are. */
  readonly id: string | null;
  /** The address that a person had at the time. */
  readonly email: string | null;
  /** Of an environment key, as it is shown. */
  readonly fingerprint: string | null;
}

/** Done; refused, for a reason that the caller was told; or failed, for one that lay with the server. */
export const auditOutcomes = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** What an audit event says. Never a secret; only ids, names and prefixes. */
export interface AuditFacts {
  /** `<noun>.<verb>`: the operation that changed something or was refused. */
  readonly action: string;
  readonly actor: AuditActor;
  /** What it is about; without an id where a refusal came before that was known. */
  readonly resource: { readonly type: string; readonly id: string | null };
  readonly environment: string | null;
  /** The slug that it had at the time. */
  readonly workspace: string | null;
  readonly outcome: AuditOutcome;
  /** The error code of what was refused or has failed. */
  readonly code: string | null;
  /** The network address that the request came from. */
  readonly address: string | null;
  /** The User-Agent that it came with. */
  readonly client: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** An event in its place in the chain of its organization. */
export interface AuditEvent extends AuditFacts {
  readonly kind: 'event';
  /** The chain that it belongs to: an organization id, or `server`. */
  readonly chain: string;
  /** 1 for the first event of the chain, then without gaps. */
  readonly seq: number;
  readonly at: string;
  /** Hash of the event before it; 64 zeros for the first. */
  readonly previousHash: string;
  /** SHA-256, hex, of `auditText` of the event without this field. */
  readonly hash: string;
}

/** A signed statement that a chain had so many events, of which the last had this hash. */
export interface AuditCheckpoint {
  readonly kind: 'checkpoint';
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
  /** Ed25519, raw, base64url. */
  readonly publicKey: string;
  /** Over `checkpointText`, base64url. */
  readonly signature: string;
}

/** The hash that the first event of a chain names as the one before it. */
export const firstPreviousHash = '0'.repeat(64);

/** JSON as RFC 8785 writes it: no white space, the names of every object in order of their UTF-16 code units. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** The text whose SHA-256 is the hash of an event; any difference in any field makes another text. */
export function auditText(event: Omit<AuditEvent, 'hash'> & { readonly hash?: string }): string {
  const { hash: _hash, ...rest } = event;
  return `latchkey-audit-event/1\n${canonical(rest)}`;
}

/** The text that a checkpoint's signature is over. */
export function checkpointText({
  chain,
  seq,
  hash,
  at,
}: Omit<AuditCheckpoint, 'signature' | 'publicKey' | 'kind'>): string {
  return `latchkey-audit-checkpoint/1\n${chain}\n${seq}\n${hash}\n${at}`;
}

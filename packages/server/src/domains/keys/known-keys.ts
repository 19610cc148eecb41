import { hash } from 'node:crypto';
import { parseKey } from '@latchkey/keys';
import { createBoundedMap, type Marked } from '@latchkey/protocol';
import { type Clock, secondMs } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Store } from '../../storage/index.ts';
import type { Revocations } from '../revocation/index.ts';
import type { AuthenticatedKey } from './authenticate.ts';
import { digestsOf } from './digests.ts';
import { type Found, foundIn, type Known, type KnownKey } from './known-key.ts';
import { type FoundRow, prepareFindKeys, prepareFindKeysById } from './known-keys.sql.ts';
import { createLookUps } from './look-ups.ts';

/** A text that names no key is remembered for so long, or until the next change, and so many of them are. */
const absenceMs = 10 * secondMs;
const maxAbsences = 10_000;

/**
 * What is known of presented keys, by a digest of the text. It is answered from memory only under the lease of this
 * process, which every revocation waits for (docs/revocation.md).
 */
export interface KnownKeys {
  /**
   * What is known of a text. For an organization that is named, a key that does not count there is absent, and is
   * looked for as often as one that nobody has issued. At once unless the database, or the lease, has to be waited for.
   */
  find(secret: string, organizationId?: string): Known | Promise<Known>;
  /** What is known of a key that something of its own making names; it is not remembered by that. */
  findById(keyId: string): Found | Promise<Found>;
  /** The number up to which what was just found is known to be right. */
  asOf(found: Found | AuthenticatedKey): number;
  /** Reads a key anew the next time: a transaction has found it otherwise than it is remembered. */
  forget(keyId: string): void;
}

export interface KnownKeysDeps {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly revocations: Pick<Revocations, 'isLeased' | 'lease' | 'applied' | 'onChange'>;
}

function countsFor(organizationId: string | undefined, { views }: KnownKey): boolean {
  return organizationId === undefined || views.some(({ facts }) => facts.organizationId === organizationId);
}

function absenceOf(digest: string, organizationId = ''): string {
  return `${organizationId} ${digest}`;
}

/** That a text names no key. */
interface Absence extends Marked {
  /** By the clock that is never set back. */
  readonly endsAtMs: number;
}

/** The memory itself: entries by digest, and where those of a key are. */
function createMemory(maxKeys: number, { clock }: Pick<KnownKeysDeps, 'clock'>) {
  const digests = new Map<string, string>();
  const keys = createBoundedMap<KnownKey>(maxKeys, (_digest, { row }) => digests.delete(row.id));
  const absences = createBoundedMap<Absence>(maxAbsences);
  return {
    keyOf: (digest: string) => keys.get(digest),
    keyById: (keyId: string) => keys.get(digests.get(keyId) ?? ''),
    isAbsent(name: string): boolean {
      const absence = absences.get(name);
      return absence !== undefined && clock.elapsedMs() < absence.endsAtMs;
    },
    keep(digest: string, key: KnownKey): void {
      keys.set(digest, key);
      digests.set(key.row.id, digest);
    },
    keepAbsence(name: string): void {
      absences.set(name, { endsAtMs: clock.elapsedMs() + absenceMs, isUsed: false });
    },
    holds: (key: AuthenticatedKey) => keys.get(digests.get(key.row.id) ?? '') === key,
    forget: (keyId: string) => keys.delete(digests.get(keyId) ?? ''),
    /** A key may count now where it did not before. */
    forgetAbsences: () => absences.clear(),
    forgetAll(): void {
      for (const each of [digests, keys, absences]) each.clear();
    },
  };
}

/** Remembers at most so many keys. */
export function createKnownKeys(deps: KnownKeysDeps, maxKeys: number): KnownKeys {
  const { store, secrets, revocations } = deps;
  const memory = createMemory(maxKeys, deps);
  const readRows = createLookUps(prepareFindKeys(store, secrets.keyPeppers.size));
  const readById = createLookUps(prepareFindKeysById(store));
  const loading = new Map<string, Promise<Found>>();

  function forget(keyIds: readonly string[] | 'all'): void {
    // What is being read may be as it was before: whoever asks from here on reads again.
    loading.clear();
    if (keyIds === 'all') {
      memory.forgetAll();
      return;
    }
    memory.forgetAbsences();
    for (const keyId of keyIds) memory.forget(keyId);
  }
  revocations.onChange(forget);

  function recall(digest: string, organizationId: string | undefined): Found | undefined {
    if (!revocations.isLeased()) return undefined;
    const key = memory.keyOf(digest);
    if (key !== undefined && countsFor(organizationId, key)) return key;
    const isAbsent = memory.isAbsent(absenceOf(digest, organizationId));
    return isAbsent ? { kind: 'absent', asOf: revocations.applied() } : undefined;
  }

  /** What was read before the last change that is applied here is good for the answer that it was read for, and no more. */
  function isKeepable({ asOf }: Found): boolean {
    return revocations.isLeased() && asOf >= revocations.applied();
  }

  function remember(digest: string, rows: readonly FoundRow[]): Found {
    const found = foundIn(rows);
    if (found.kind === 'key' && isKeepable(found)) memory.keep(digest, found);
    return found;
  }

  /**
   * One read for all who ask meanwhile, as long as the lease says that what it may have missed is not over for anybody
   * yet: without it, each reads for itself.
   */
  function load(secret: string, digest: string): Found | Promise<Found> {
    const isLeased = revocations.isLeased();
    const underWay = isLeased ? loading.get(digest) : undefined;
    if (underWay !== undefined) return underWay;
    const rows = readRows(digestsOf(secrets, secret));
    if (!(rows instanceof Promise)) return remember(digest, rows);
    const found = rows
      .then((each) => remember(digest, each))
      .finally(() => {
        if (loading.get(digest) === found) loading.delete(digest);
      });
    if (isLeased) loading.set(digest, found);
    return found;
  }

  function asSeenBy(organizationId: string | undefined, digest: string, found: Found): Found {
    if (found.kind === 'key' && countsFor(organizationId, found)) return found;
    if (isKeepable(found)) memory.keepAbsence(absenceOf(digest, organizationId));
    return { kind: 'absent', asOf: found.asOf };
  }

  function read(secret: string, digest: string, organizationId: string | undefined): Found | Promise<Found> {
    const found = load(secret, digest);
    if (!(found instanceof Promise)) return asSeenBy(organizationId, digest, found);
    return found.then((each) => asSeenBy(organizationId, digest, each));
  }

  return {
    find(secret, organizationId) {
      const digest = hash('sha256', secret, 'hex');
      const recalled = recall(digest, organizationId);
      if (recalled !== undefined) return recalled;
      const parsed = parseKey(secret);
      if (!parsed.ok) return { kind: 'malformed', parsed };
      if (revocations.isLeased()) return read(secret, digest, organizationId);
      return revocations
        .lease()
        .then(() => recall(digest, organizationId) ?? read(secret, digest, organizationId));
    },
    findById(keyId) {
      const known = revocations.isLeased() ? memory.keyById(keyId) : undefined;
      if (known !== undefined) return known;
      const rows = readById([keyId]);
      return rows instanceof Promise ? rows.then(foundIn) : foundIn(rows);
    },
    forget: (keyId) => forget([keyId]),
    asOf: (found) =>
      found.kind === 'key' && memory.holds(found)
        ? revocations.applied()
        : Math.min(found.asOf, revocations.applied()),
  };
}

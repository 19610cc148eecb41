import { maxMessageBytes, type Store, type Writer } from '../../storage/index.ts';
import type { HeardChange } from './ledger.ts';
import type { Change } from './revocations.ts';

const channel = 'latchkey_revocation';

/** Bounds what one change has everybody read; of one that names more keys only the number is told. */
const maxParts = 16;

/** A key, and an organization whose verifiers may know it. */
type NamedKey = readonly [string, string | null];

interface SaidChange {
  readonly change: number;
  readonly mark: string;
  readonly after: string;
  readonly by: string;
  /** What does not fit into one message comes in several, one after the other. */
  readonly part: number;
  readonly parts: number;
  readonly keys: readonly NamedKey[] | null;
}

type Said = SaidChange | { readonly confirmed: number };

function bytesOf(said: Said | NamedKey): number {
  return Buffer.byteLength(JSON.stringify(said));
}

async function say({ capabilities }: Store, trx: Writer, said: Said): Promise<void> {
  await capabilities.notify(trx, channel, JSON.stringify(said));
}

/** Lists of so many bytes at most, each with a comma behind. */
function split(keys: readonly NamedKey[], maxBytes: number): NamedKey[][] {
  let last: NamedKey[] = [];
  let leftBytes = maxBytes;
  const lists = [last];
  for (const key of keys) {
    const bytes = bytesOf(key) + 1;
    if (bytes > leftBytes) {
      last = [];
      lists.push(last);
      leftBytes = maxBytes;
    }
    last.push(key);
    leftBytes -= bytes;
  }
  return lists;
}

/** Tells the other processes of a change when it commits; where its keys are too many, only of its number. */
export async function announceChange(
  store: Store,
  trx: Writer,
  { seq, mark, after, keys }: Change,
  processName: string,
): Promise<void> {
  const said = { change: seq, mark, after, by: processName };
  const named = keys.map((key) => [key.keyId, key.organizationId] as const);
  const emptyBytes = bytesOf({ ...said, part: maxParts, parts: maxParts, keys: [] });
  const lists = split(named, maxMessageBytes - emptyBytes);
  const told = lists.length > maxParts ? [null] : lists;
  for (const [part, each] of told.entries()) {
    await say(store, trx, { ...said, part, parts: told.length, keys: each });
  }
}

/** Tells whoever made a change that a process has confirmed it. */
export async function announceConfirmation(store: Store, trx: Writer, seq: number): Promise<void> {
  await say(store, trx, { confirmed: seq });
}

/** What one who listens is told. */
export interface Announcements {
  onChange(change: HeardChange): void;
  onConfirmation(seq: number): void;
  /** Some may have been missed before. */
  onReady(): void;
}

/** Of which keys the parts tell; `all` where one of them is missing, or none tells. */
function keysIn(parts: readonly SaidChange[], { mark, parts: count }: SaidChange): HeardChange['keys'] {
  const named = parts.flatMap(({ keys }) => keys ?? []);
  const isWhole = parts.length === count && parts.every((each) => each.mark === mark && each.keys !== null);
  return isWhole ? named.map(([keyId, organizationId]) => ({ keyId, organizationId })) : 'all';
}

/** Hands on what is said, changes when their last part has come: nothing of another comes between. */
function createHearing(processName: string, { onChange, onConfirmation }: Announcements) {
  let parts: SaidChange[] = [];
  return (said: Said): void => {
    if ('confirmed' in said) {
      onConfirmation(said.confirmed);
      return;
    }
    parts = said.part === 0 ? [said] : [...parts, said];
    if (said.part + 1 < said.parts) return;
    const { change: seq, mark, after, by } = said;
    onChange({ seq, mark, after, keys: keysIn(parts, said), isOwn: by === processName });
    parts = [];
  };
}

/** Listens to all processes on the database, this one too; answers undefined where the engine tells nobody anything. */
export async function listenTo(store: Store, processName: string, announcements: Announcements) {
  const hear = createHearing(processName, announcements);
  return store.listen?.(channel, {
    onMessage: (message) => hear(JSON.parse(message) as Said),
    onReady: announcements.onReady,
  });
}

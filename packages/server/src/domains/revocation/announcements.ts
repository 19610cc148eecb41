import { maxMessageBytes, type Store, type Writer } from '../../storage/index.ts';
import type { HeardChange } from './ledger.ts';
import type { Change } from './revocations.ts';

const channel = 'latchkey_revocation';

type Said =
  | {
      readonly change: number;
      readonly mark: string;
      readonly after: string;
      readonly by: string;
      readonly keys: (readonly [string, string | null])[] | null;
    }
  | { readonly confirmed: number };

async function say({ capabilities }: Store, trx: Writer, said: Said): Promise<void> {
  await capabilities.notify(trx, channel, JSON.stringify(said));
}

/** Tells the other processes of a change when it commits; where its keys are too many for a message, only of its number. */
export async function announceChange(
  store: Store,
  trx: Writer,
  { seq, mark, after, keys }: Change,
  processName: string,
): Promise<void> {
  const said = {
    change: seq,
    mark,
    after,
    by: processName,
    keys: keys.map((key) => [key.keyId, key.organizationId] as const),
  };
  const isTooLong = Buffer.byteLength(JSON.stringify(said)) >= maxMessageBytes;
  await say(store, trx, isTooLong ? { ...said, keys: null } : said);
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

function heard(said: Said, processName: string, { onChange, onConfirmation }: Announcements): void {
  if ('confirmed' in said) {
    onConfirmation(said.confirmed);
    return;
  }
  const keys = said.keys?.map(([keyId, organizationId]) => ({ keyId, organizationId })) ?? 'all';
  const { change: seq, mark, after } = said;
  onChange({ seq, mark, after, keys, isOwn: said.by === processName });
}

/** Listens to all processes on the database, this one too; answers undefined where the engine tells nobody anything. */
export async function listenTo(store: Store, processName: string, announcements: Announcements) {
  return store.listen?.(channel, {
    onMessage: (message) => heard(JSON.parse(message) as Said, processName, announcements),
    onReady: announcements.onReady,
  });
}

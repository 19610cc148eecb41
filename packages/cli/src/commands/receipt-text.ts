import type { Output } from '@latchkey/protocol';
import type { Terminal } from '../terminal.ts';

type Receipt = NonNullable<Output<'keys.revoke'>['receipt']>;

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What holds everywhere now: of a key that is refused, and of one that was changed. */
const states = {
  ended: 'Nobody accepts it any more',
  changed: 'Nobody goes by what it was any more',
} as const;
type Became = keyof typeof states;

/** Who had the key in memory, and how long it took until none did. */
export function receiptText(
  { holders, committedAt, completedAt }: Receipt,
  became: Became = 'ended',
): string {
  const state = states[became];
  if (holders.length === 0) return `${state}: no server or verifier had it in memory.`;
  const silent = holders.filter(({ outcome }) => outcome === 'lease-ended').length;
  const told = [
    ...(silent < holders.length
      ? [`${counted(holders.length - silent, 'holder', 'holders')} confirmed`]
      : []),
    ...(silent > 0 ? [`${counted(silent, 'lease', 'leases')} ran out`] : []),
  ];
  const afterMs = Math.max(Date.parse(completedAt) - Date.parse(committedAt), 0);
  return `${state}: ${told.join(', ')}, the last after ${afterMs} ms.`;
}

/** Says on standard error that what has become of a key holds everywhere, where the server has said so. */
export function writeReceipt({ err }: Terminal, receipt: Receipt | undefined, became?: Became): void {
  if (receipt !== undefined) err.line(receiptText(receipt, became));
}

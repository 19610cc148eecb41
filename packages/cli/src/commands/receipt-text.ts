import type { Output } from '@latchkey/protocol';
import type { Terminal } from '../terminal.ts';

type Receipt = NonNullable<Output<'keys.revoke'>['receipt']>;

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Who had the key in memory, and how long it took until none did. */
export function receiptText({ holders, committedAt, completedAt }: Receipt): string {
  if (holders.length === 0) return 'Nobody accepts it any more: no server or verifier had it in memory.';
  const silent = holders.filter(({ outcome }) => outcome === 'lease-ended').length;
  const told = [
    ...(silent < holders.length
      ? [`${counted(holders.length - silent, 'holder', 'holders')} confirmed`]
      : []),
    ...(silent > 0 ? [`${counted(silent, 'lease', 'leases')} ran out`] : []),
  ];
  const afterMs = Math.max(Date.parse(completedAt) - Date.parse(committedAt), 0);
  return `Nobody accepts it any more: ${told.join(', ')}, the last after ${afterMs} ms.`;
}

/** Says on standard error that a key is refused everywhere, where the server has said so. */
export function writeReceipt({ err }: Terminal, receipt: Receipt | undefined): void {
  if (receipt !== undefined) err.line(receiptText(receipt));
}

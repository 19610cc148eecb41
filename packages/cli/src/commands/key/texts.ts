import type { Output } from '@latchkey/protocol';
import { paint } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';

type Use = Output<'environmentKeys.list'>['keys'][number]['lastUsed'];

/** Where a key is valid, as the pages of the commands write it. */
export function workspaceText(workspace: string | null): string {
  return workspace ?? '(tenant-wide)';
}

/** An instant to the second, in UTC. */
export function instantText(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}

/** When, from where and by what a key was used last. */
export function useText(use: Use): string {
  if (use === null) return 'never';
  const from = use.address === null ? '' : ` from ${use.address}`;
  const by = use.client === null ? '' : ` by ${use.client}`;
  return `${instantText(use.at)}${from}${by}`;
}

/** The secret, the one time that it is printed: alone on the last line. */
export function writeSecret({ out }: Terminal, secret: string): void {
  out.line(`\n${paint(out, 'yellow', '⚠ Save this secret now. It will not be shown again.')}\n${secret}`);
}

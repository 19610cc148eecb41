import type { Output } from '@latchkey/protocol';
import { client } from '../../api.ts';

type Line = Output<'audit.export'>['lines'][number];

/** Every line of the chain in order, a page at a time; `onRead` learns up to which event it has come. */
export async function* chainOf(
  organizationId: string,
  signal?: AbortSignal,
  onRead?: (events: number) => void,
): AsyncGenerator<Line> {
  for (let after: number | null = 0; after !== null; ) {
    const page: Output<'audit.export'> = await client.callOrThrow(
      'audit.export',
      { organizationId, after },
      signal === undefined ? {} : { signal },
    );
    yield* page.lines;
    onRead?.(page.lines.at(-1)?.seq ?? 0);
    after = page.nextAfter;
  }
}

/** The chain as a file of JSON Lines, which `latchkey audit verify` checks. */
export async function fileOf(lines: AsyncIterable<Line>): Promise<Blob> {
  const parts: string[] = [];
  for await (const line of lines) parts.push(`${JSON.stringify(line)}\n`);
  return new Blob(parts, { type: 'application/jsonl' });
}

import type { Failure } from './failure.ts';

interface Page<Item> {
  readonly success: true;
  readonly status: number;
  readonly data: { readonly keys: readonly Item[]; readonly nextCursor: string | null };
}

/** Every page after another, as one answer; the first failure ends it. */
export async function everyPage<Item>(
  ask: (cursor: string | undefined) => Promise<Page<Item> | Failure>,
): Promise<Page<Item> | Failure> {
  const keys: Item[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await ask(cursor);
    if (!page.success) return page;
    keys.push(...page.data.keys);
    if (page.data.nextCursor === null) return { ...page, data: { keys, nextCursor: null } };
    cursor = page.data.nextCursor;
  }
}

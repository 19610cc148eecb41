import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

async function* upTo(count: number): AsyncGenerator<number> {
  for (let item = 0; item < count; item++) yield item;
}

async function listOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('inOrder', () => {
  it('works on no more than so many items at a time, and gives every result in order', async () => {
    let [running, most] = [0, 0];
    const work = async (item: number) => {
      most = Math.max(most, ++running);
      // Later items are ready earlier.
      for (let turn = item % 5; turn < 50; turn++) await Promise.resolve();
      running--;
      return item;
    };
    expect(await listOf(inOrder(upTo(100), 4, work))).toEqual(await listOf(upTo(100)));
    expect(most).toBe(4);
  });

  it('gives nothing for nothing', async () => {
    expect(await listOf(inOrder(upTo(0), 4, async (item) => item))).toEqual([]);
  });
});

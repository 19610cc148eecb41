import { describe, expect, it } from 'vitest';
import type { FoundRow } from './known-keys.sql.ts';
import { createLookUps, type KeyReads } from './look-ups.ts';

/** A database that answers when the test says so. */
class HeldDatabase implements KeyReads {
  readonly maxTogether = 50;
  readonly asked: string[][] = [];
  readonly #answers: { answer: () => void; fail: (error: Error) => void }[] = [];

  readonly one: KeyReads['one'] = async (names) => (await this.many([names]))[0] ?? [];
  readonly many: KeyReads['many'] = (wanted) => {
    this.asked.push(wanted.flat());
    return new Promise((resolve, reject) => {
      const rows = wanted.map(([name]) => [{ id: name } as FoundRow]);
      this.#answers.push({ answer: () => resolve(rows), fail: reject });
    });
  };

  async end(fails?: Error): Promise<void> {
    const next = this.#answers.shift();
    if (fails === undefined) next?.answer();
    else next?.fail(fails);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('looking for keys', () => {
  const names = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `key-${from + index}`);

  it('has four reads under way at most, and takes what waits together, in its order', async () => {
    const database = new HeldDatabase();
    const find = createLookUps(database);
    const found = Promise.all(names(0, 60).map(async (name) => (await find([name]))[0]?.id));
    expect(database.asked).toEqual([['key-0'], ['key-1'], ['key-2'], ['key-3']]);
    await database.end();
    expect(database.asked.slice(4)).toEqual([names(4, 54)]);
    await database.end();
    expect(database.asked.slice(5)).toEqual([names(54, 60)]);
    for (let left = 0; left < 4; left += 1) await database.end();
    expect(await found).toEqual(names(0, 60));
  });

  it('goes on after a read that fails, which only those hear of who waited for it', async () => {
    const database = new HeldDatabase();
    const find = createLookUps(database);
    const found = Promise.allSettled(names(0, 6).map(async (name) => find([name])));
    await database.end(new Error('gone'));
    for (let left = 0; left < 4; left += 1) await database.end();
    expect((await found).map(({ status }) => status)).toEqual(['rejected', ...Array(5).fill('fulfilled')]);
  });
});

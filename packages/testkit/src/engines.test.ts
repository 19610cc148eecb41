import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeEachEngine } from './engines.ts';

describeEachEngine('an empty store', (open, engine) => {
  it('is empty and apart from every other', async () => {
    const stores = [await open(), await open()];
    expect(new Set(stores.map((store) => store.dataDir)).size).toBe(2);
    for (const store of stores) expect(readdirSync(store.dataDir)).toEqual([]);
    const urls = stores.map((store) => store.databaseUrl);
    if (engine === 'sqlite') expect(urls).toEqual([undefined, undefined]);
    else expect(new Set(urls).size).toBe(2);
  });
});

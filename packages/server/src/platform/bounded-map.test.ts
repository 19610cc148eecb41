import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

describe('a bounded map', () => {
  it('lets go first of what was not asked for', () => {
    const evicted: string[] = [];
    const map = new BoundedMap<number>(3, (name) => evicted.push(name));
    for (const [index, name] of ['a', 'b', 'c'].entries()) map.set(name, index);
    map.get('a');
    map.set('d', 3);
    map.get('c');
    map.set('e', 4);
    expect(evicted).toEqual(['b', 'd']);
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => map.get(name))).toEqual([0, undefined, 2, undefined, 4]);
  });

  it('makes room also where all were asked for, or all were removed', () => {
    const map = new BoundedMap<number>(2);
    for (const name of ['a', 'b']) map.set(name, 1);
    for (const name of ['a', 'b']) map.get(name);
    map.set('c', 1);
    expect(map.size).toBe(2);
    map.clear();
    for (const name of ['d', 'e', 'f']) map.set(name, 1);
    expect(map.size).toBe(2);
    expect(map.get('f')).toBe(1);
  });

  it('never holds more than it may, and answers what was last set or nothing', () => {
    const name = fc.constantFrom(...'abcdefgh');
    const step = fc.tuple(fc.constantFrom('set', 'get', 'delete'), name);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 6 }), (steps, max) => {
        const evicted = new Set<string>();
        const map = new BoundedMap<number>(max, (each) => evicted.add(each));
        const model = new Map<string, number>();
        for (const [index, [kind, each]] of steps.entries()) {
          evicted.clear();
          if (kind === 'set') map.set(each, index);
          if (kind === 'delete') map.delete(each);
          for (const gone of evicted) model.delete(gone);
          if (kind === 'set') model.set(each, index);
          if (kind === 'delete') model.delete(each);
          expect(map.size).toBe(model.size);
          expect(map.size).toBeLessThanOrEqual(max);
          if (kind === 'get') expect(map.get(each)).toBe(model.get(each));
        }
      }),
    );
  });
});

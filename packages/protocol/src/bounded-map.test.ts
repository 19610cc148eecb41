import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoundedMap } from './bounded-map.ts';

function fresh(of = 0) {
  return { of, isUsed: false };
}

function newMap(maxSize: number) {
  const forgotten: string[] = [];
  const map = createBoundedMap<ReturnType<typeof fresh>>(maxSize, (name) => forgotten.push(name));
  return { map, forgotten };
}

describe('a bounded map', () => {
  it('lets go first of what was not asked for', () => {
    const { map, forgotten } = newMap(3);
    for (const [index, name] of ['a', 'b', 'c'].entries()) map.set(name, fresh(index));
    map.get('a');
    map.set('d', fresh(3));
    map.get('c');
    map.set('e', fresh(4));
    expect(forgotten).toEqual(['b', 'd']);
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => map.get(name)?.of)).toEqual([
      0,
      undefined,
      2,
      undefined,
      4,
    ]);
  });

  it('keeps what is wanted while it forgets the rest', () => {
    const { map, forgotten } = newMap(4);
    for (let name = 1; name < 500; name++) {
      if (name > 2) expect(map.get('2')).toBeDefined();
      map.set(String(name), fresh());
    }
    expect(forgotten).toHaveLength(495);
    expect(forgotten).not.toContain('2');
  });

  it('makes room also where all were asked for, or all were removed', () => {
    const { map, forgotten } = newMap(2);
    for (const name of ['a', 'b']) map.set(name, fresh());
    for (const name of ['a', 'b']) map.get(name);
    map.set('c', fresh());
    expect([map.size, forgotten]).toEqual([2, ['a']]);
    map.clear();
    for (const name of ['d', 'e', 'f']) map.set(name, fresh());
    expect([map.size, forgotten]).toEqual([2, ['a', 'd']]);
    expect(map.get('b')).toBeUndefined();
    expect(map.get('f')).toBeDefined();
  });

  it('never holds more than it may, says what it forgets, and answers what was last set or nothing', () => {
    const name = fc.constantFrom(...'abcdefgh');
    const step = fc.tuple(fc.constantFrom('set', 'get', 'delete'), name);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 6 }), (steps, maxSize) => {
        const { map, forgotten } = newMap(maxSize);
        const model = new Map<string, number>();
        for (const [index, [kind, each]] of steps.entries()) {
          if (kind === 'set') map.set(each, fresh(index));
          if (kind === 'delete') map.delete(each);
          for (const gone of forgotten.splice(0)) expect(model.delete(gone)).toBe(true);
          if (kind === 'set') model.set(each, index);
          expect(map.size).toBe(model.size);
          expect(map.size).toBeLessThanOrEqual(maxSize);
          if (kind !== 'set') expect(map.get(each)?.of).toBe(model.get(each));
        }
      }),
    );
  });
});

import { expect, it } from 'vitest';
import { createBoundedMap } from './bounded-map.ts';

function newMap(maxSize: number) {
  const forgotten: string[] = [];
  const map = createBoundedMap<{ isUsed: boolean }>(maxSize, (name) => forgotten.push(name));
  for (let name = 1; name <= maxSize; name++) map.set(String(name), { isUsed: false });
  return { map, forgotten };
}

it('never holds more than it may, and says what it forgets', () => {
  const { map, forgotten } = newMap(3);
  for (const name of ['4', '5', '5']) map.set(name, { isUsed: false });
  expect([map.size, forgotten]).toEqual([3, ['1', '2']]);
});

it('keeps what is wanted while it forgets the rest', () => {
  const { map, forgotten } = newMap(4);
  for (let name = 5; name < 500; name++) {
    expect(map.get('2')).toBeDefined();
    map.set(String(name), { isUsed: false });
  }
  expect(forgotten).toHaveLength(495);
  expect(forgotten).not.toContain('2');
});

it('finds room where everything is wanted, and after it was emptied', () => {
  const { map } = newMap(3);
  for (const name of ['1', '2', '3']) map.get(name);
  map.set('4', { isUsed: false });
  expect([map.size, map.get('4') !== undefined]).toEqual([3, true]);
  map.clear();
  for (const name of ['a', 'b', 'c', 'd']) map.set(name, { isUsed: false });
  expect([map.size, map.get('4')]).toEqual([3, undefined]);
});

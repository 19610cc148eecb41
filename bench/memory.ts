/** Needs `node --expose-gc`. */
function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('start this with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** How many bytes of heap each item takes that `keep` adds and that are still held when it has ended. */
export async function memoryPerItem(items: number, keep: () => Promise<void>): Promise<number> {
  const before = heapBytes();
  await keep();
  return (heapBytes() - before) / items;
}

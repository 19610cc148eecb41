/** What a bounded map holds: a mark tells whether it was wanted since it was last looked at. */
export interface Marked {
  isUsed: boolean;
}

/** A map that forgets what has not been wanted for longest, roughly. */
export interface BoundedMap<Value extends Marked> {
  /** Marks what it finds. */
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
  delete(name: string): void;
  clear(): void;
  readonly size: number;
}

/**
 * A map of at most `maxSize` entries, at least 1, of which those go first that nobody has asked for in a while: SIEVE
 * (Zhang et al., NSDI 2024). A hand goes round and takes the first value without a mark, removing marks as it passes.
 * The mark is a member of the value, so that finding one costs one bit, and no more memory is read than in a plain map.
 * `onForget` is called for what goes to make room and for what is deleted; not where all is cleared, nor for a value
 * that another takes the place of.
 */
export function createBoundedMap<Value extends Marked>(
  maxSize: number,
  onForget: (name: string, value: Value) => void = () => {},
): BoundedMap<Value> {
  const map = new Map<string, Value>();
  let hand = map.entries();

  /** The next value without a mark; the map is not empty. */
  function oldest(): [string, Value] {
    for (;;) {
      const { value: pair } = hand.next();
      if (pair === undefined) hand = map.entries();
      else if (pair[1].isUsed) pair[1].isUsed = false;
      else return pair;
    }
  }

  function remove(name: string, value: Value): void {
    map.delete(name);
    onForget(name, value);
  }

  return {
    get(name) {
      const value = map.get(name);
      if (value !== undefined) value.isUsed = true;
      return value;
    },
    set(name, value) {
      if (!map.has(name) && map.size >= maxSize) remove(...oldest());
      map.set(name, value);
    },
    delete(name) {
      const value = map.get(name);
      if (value !== undefined) remove(name, value);
    },
    clear() {
      map.clear();
      hand = map.entries();
    },
    get size() {
      return map.size;
    },
  };
}

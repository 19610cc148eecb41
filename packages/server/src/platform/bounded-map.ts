interface Entry<Value> {
  readonly value: Value;
  isUsed: boolean;
}

/**
 * A map of at most so many entries, of which those go first that nobody has asked for in a while: SIEVE (Zhang et al.,
 * NSDI 2024). Finding one marks it and moves nothing, so that it costs no more than in a plain map; making room passes
 * over those that were marked, and takes their mark.
 */
export class BoundedMap<Value> {
  readonly #max: number;
  readonly #onEvict: (name: string, value: Value) => void;
  readonly #entries = new Map<string, Entry<Value>>();
  // Kept between calls: a new one would have to pass over everything that was removed at the front.
  #hand = this.#entries.entries();

  /** `max` is at least 1. `onEvict` is called for what goes to make room, and not for what is removed. */
  constructor(max: number, onEvict: (name: string, value: Value) => void = () => {}) {
    this.#max = max;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(name: string): Value | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    entry.isUsed = true;
    return entry.value;
  }

  set(name: string, value: Value): void {
    if (this.#entries.size >= this.#max && !this.#entries.has(name)) this.#evict();
    this.#entries.set(name, { value, isUsed: false });
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }

  clear(): void {
    this.#entries.clear();
  }

  #evict(): void {
    for (;;) {
      const { done, value: next } = this.#hand.next();
      if (done) {
        this.#hand = this.#entries.entries();
        continue;
      }
      const [name, entry] = next;
      if (!entry.isUsed) {
        this.#entries.delete(name);
        this.#onEvict(name, entry.value);
        return;
      }
      entry.isUsed = false;
    }
  }
}

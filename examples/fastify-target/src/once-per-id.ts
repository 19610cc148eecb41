const remembered = 10_000;

/**
 * Does something once per id, and gives everybody who asks again what came of it. What failed may be tried again.
 * In memory, which a restart empties: a target that must not forget keeps the ids in its database, and writes them in
 * the transaction of the work.
 */
export class OncePerId<Outcome> {
  readonly #outcomes = new Map<string, Promise<Outcome>>();

  async do(id: string, act: () => Promise<Outcome>): Promise<Outcome> {
    const earlier = this.#outcomes.get(id);
    if (earlier !== undefined) return await earlier;
    const outcome = act();
    this.#remember(id, outcome);
    return await outcome;
  }

  #remember(id: string, outcome: Promise<Outcome>): void {
    this.#outcomes.set(id, outcome);
    outcome.catch(() => this.#outcomes.delete(id));
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size > remembered && oldest !== undefined) this.#outcomes.delete(oldest);
  }
}

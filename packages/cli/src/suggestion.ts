function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

/** ` Did you mean …?` when one of the names is close to what was typed, else nothing. */
export function suggestion(typed: string, names: readonly string[], prefix = ''): string {
  const ranked = names
    .map((name) => ({ name, distance: name.startsWith(typed) ? 1 : distance(typed, name) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  if (best === undefined || best.distance > Math.max(1, Math.floor(typed.length / 3))) return '';
  return ` Did you mean ${prefix}${best.name}?`;
}

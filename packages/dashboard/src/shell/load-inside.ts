type Inside = typeof import('./inside.tsx');

let inside: Inside | undefined;

/** Loads what is shown to whoever is signed in. */
export async function loadInside(): Promise<Inside> {
  inside = await import('./inside.tsx');
  return inside;
}

/** What was loaded. */
export function loadedInside(): Inside | undefined {
  return inside;
}

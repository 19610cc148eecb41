import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { fileProblem } from '../config/file.ts';
import type { Terminal } from '../terminal.ts';
import { inOrder } from './in-order.ts';
import { type Searched, searchPieces } from './search-pieces.ts';
import { filesOf, type Visited } from './walk.ts';

/** Enough to have the next files read while one is searched. */
const filesAtOnce = 8;

/** Something that was searched, or that was left out. */
export type Place = (Searched & { readonly path: string }) | Extract<Visited, { omitted: string }>;

async function* visitedOf(paths: readonly string[], cwd: string): AsyncGenerator<Visited> {
  for (const path of paths) {
    if (path === '-') yield { path };
    else yield* filesOf(path, cwd);
  }
}

async function placeOf(visited: Visited, { cwd, inputPieces }: Terminal): Promise<Place> {
  if ('omitted' in visited) return visited;
  const { path } = visited;
  try {
    const pieces = path === '-' ? inputPieces() : createReadStream(resolve(cwd, path));
    return { path, ...(await searchPieces(pieces)) };
  } catch (error) {
    return { path, omitted: 'unreadable', problem: fileProblem(error) };
  }
}

/** Searches files, folders and, as `-`, standard input for keys; one place after the other, in order. */
export function searchPlaces(paths: readonly string[], terminal: Terminal): AsyncGenerator<Place> {
  return inOrder(visitedOf(paths, terminal.cwd), filesAtOnce, (visited) => placeOf(visited, terminal));
}

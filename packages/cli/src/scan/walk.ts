import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileProblem } from '../config/file.ts';

/** Why something was not searched. */
export type Omission = 'node_modules' | '.git/objects' | 'symbolic link' | 'special file' | 'unreadable';

/** A file to search, or what stands in place of one. */
export type Visited =
  | { readonly path: string }
  | { readonly path: string; readonly omitted: Omission; readonly problem?: string };

/** Installed by others, or compressed so that no key can be seen in it. */
function skippedFolder(path: string): Omission | undefined {
  if (basename(path) === 'node_modules') return 'node_modules';
  return basename(path) === 'objects' && basename(dirname(path)) === '.git' ? '.git/objects' : undefined;
}

/** What a path leads into on purpose, and is therefore searched below it. */
function namedFolders(path: string): Set<Omission | undefined> {
  const named = new Set<Omission | undefined>();
  for (let folder = resolve(path); folder !== dirname(folder); folder = dirname(folder)) {
    named.add(skippedFolder(folder));
  }
  return named;
}

/** Where relative paths start, and which folders are searched although they are usually not. */
interface Walk {
  readonly cwd: string;
  readonly named: ReadonlySet<Omission | undefined>;
}

async function* entry(path: string, found: Dirent, walk: Walk): AsyncGenerator<Visited> {
  if (found.isSymbolicLink()) yield { path, omitted: 'symbolic link' };
  else if (found.isFile()) yield { path };
  else if (!found.isDirectory()) yield { path, omitted: 'special file' };
  else {
    const omitted = skippedFolder(path);
    if (omitted === undefined || walk.named.has(omitted)) yield* folder(path, walk);
    else yield { path, omitted };
  }
}

async function* folder(path: string, walk: Walk): AsyncGenerator<Visited> {
  let entries: Dirent[];
  try {
    entries = await readdir(resolve(walk.cwd, path), { withFileTypes: true });
  } catch (error) {
    yield { path, omitted: 'unreadable', problem: fileProblem(error) };
    return;
  }
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const found of entries) yield* entry(join(path, found.name), found, walk);
}

/**
 * The files of a folder and of all folders in it, in order of their names, and what is left out of them; a path to
 * anything else is its own only file. A symbolic link is followed where it is the path itself, and nowhere else.
 *
 * @throws where nothing stands at the path.
 */
export async function* filesOf(path: string, cwd: string): AsyncGenerator<Visited> {
  const place = resolve(cwd, path);
  if ((await stat(place)).isDirectory()) yield* folder(path, { cwd, named: namedFolders(place) });
  else yield { path };
}

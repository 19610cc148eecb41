import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One thing that can be imported from the package. */
export interface SdkEntry {
  /** As the manifest has it: `.` or `./<name>`. */
  readonly subpath: string;
  /** Of its files in `dist`, without what ends them. */
  readonly name: string;
  /** Its source, from the folder of the package. */
  readonly source: string;
}

/** What a manifest says, as far as the build reads it. */
export interface SdkManifest extends Readonly<Record<string, unknown>> {
  readonly exports: Readonly<Record<string, string>>;
  /** The frameworks that entry points are for, all of them optional. */
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The manifest of a package that lives from its sources. */
export function readManifest(folder: string): SdkManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as SdkManifest;
}

/** The entry points: there is no other list of them than `exports` in the manifest. */
export function entriesOf({ exports }: SdkManifest): SdkEntry[] {
  return Object.entries(exports).map(([subpath, source]) => ({
    subpath,
    name: subpath === '.' ? 'index' : subpath.slice('./'.length),
    source,
  }));
}

/** Whether the package may import this although it does not bring it: Node's own, and what an entry point is for. */
export function mayImport({ peerDependencies = {} }: SdkManifest, id: string): boolean {
  return (
    id.startsWith('node:') ||
    Object.keys(peerDependencies).some((name) => id === name || id.startsWith(`${name}/`))
  );
}

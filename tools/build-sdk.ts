/**
 * Builds `@latchkey/sdk` as it ships: JavaScript and types for each entry point, in `packages/sdk/dist`.
 *
 * In the repository the package lives from its sources, so its manifest names them. `--pack` (as `prepack`) puts the
 * manifest of the built package in its place, and `--restore` (as `postpack`) puts it back.
 */
import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { writeDeclarations } from './sdk-declarations.ts';
import { entriesOf, mayImport, readManifest, type SdkEntry, type SdkManifest } from './sdk-entries.ts';

const root = join(import.meta.dirname, '..');
const packageFolder = join(root, 'packages', 'sdk');
const dist = join(packageFolder, 'dist');
const manifestFile = join(packageFolder, 'package.json');
const keptManifestFile = join(packageFolder, 'package.source.json');

const isOutside = (id: string) => mayImport(readManifest(packageFolder), id);

function sourceOf({ source }: SdkEntry): string {
  return join(packageFolder, source);
}

async function writeModules(entries: readonly SdkEntry[]): Promise<void> {
  const input = Object.fromEntries(entries.map((entry) => [entry.name, sourceOf(entry)]));
  const bundle = await rolldown({ input, platform: 'neutral', external: isOutside });
  const { output } = await bundle.write({ dir: dist, format: 'esm', chunkFileNames: 'shared/[name].js' });
  await bundle.close();
  const own = new Set(output.map(({ fileName }) => fileName));
  const foreign = output.flatMap((each) => (each.type === 'chunk' ? each.imports : []));
  const missing = foreign.filter((id) => !own.has(id) && !isOutside(id));
  if (missing.length > 0) throw new Error(`the built package would need ${missing.join(', ')}`);
}

/** What one entry point costs whoever imports it alone: minified, then gzip, in bytes. */
export async function sizeBytesOf(entry: SdkEntry): Promise<number> {
  const bundle = await rolldown({ input: sourceOf(entry), platform: 'neutral', external: isOutside });
  const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false });
  await bundle.close();
  return gzipSync(output[0].code).length;
}

/** The entry points of the package as it stands. */
export function sdkEntries(): SdkEntry[] {
  return entriesOf(readManifest(packageFolder));
}

/** Builds all of `dist`, which is emptied first. */
export async function buildSdk(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  const entries = sdkEntries();
  await writeModules(entries);
  writeDeclarations(root, dist, entries);
  copyFileSync(join(root, 'LICENSE'), join(dist, 'LICENSE'));
}

function publishedManifest(source: SdkManifest): unknown {
  const { devDependencies: _only, scripts: _here, ...rest } = source;
  const exports = entriesOf(source).map(({ subpath, name }) => [
    subpath,
    { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  ]);
  return { ...rest, sideEffects: false, exports: Object.fromEntries(exports) };
}

/** Safe to call twice, and after a pack that was broken off. */
function restoreManifest(): void {
  if (existsSync(keptManifestFile)) renameSync(keptManifestFile, manifestFile);
}

function replaceManifest(): void {
  const published = publishedManifest(readManifest(packageFolder));
  copyFileSync(manifestFile, keptManifestFile);
  writeFileSync(manifestFile, `${JSON.stringify(published, null, 2)}\n`);
}

if (import.meta.main) {
  restoreManifest();
  if (!process.argv.includes('--restore')) {
    await buildSdk();
    for (const entry of sdkEntries()) {
      const size = Math.ceil((await sizeBytesOf(entry)) / 100) / 10;
      process.stderr.write(
        `@latchkey/sdk${entry.subpath.slice(1)} ${size.toFixed(1)} kB minified and gzipped\n`,
      );
    }
    if (process.argv.includes('--pack')) replaceManifest();
  }
}

import type { SourceFile } from './source-files.ts';

const source = 'packages/server/src/version.ts';

/** Every manifest whose version is not the one that the server says it has. */
export function checkVersions(files: readonly SourceFile[], manifests: readonly SourceFile[]): string[] {
  if (manifests.length === 0) return ['saw no package.json'];
  const stated = files.find(({ path }) => path === source)?.text;
  const version = /^export const version = '([^']+)';$/m.exec(stated ?? '')?.[1];
  if (version === undefined) return [`${source} states no version`];
  return manifests.flatMap(({ path, text }) => {
    const found: unknown = JSON.parse(text).version;
    return found === version ? [] : [`${path} has version ${String(found)}; ${source} has ${version}`];
  });
}

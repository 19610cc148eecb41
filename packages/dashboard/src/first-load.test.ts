import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it, vi } from 'vitest';

const root = join(import.meta.dirname, '..');
const limitBytes = 250_000;

/** What a browser asks for, in turn, until the home page is shown with its chart. */
const shown = ['start.tsx', 'dashboard.tsx', 'components/uses/uses-chart.tsx'];

describe('the first load of the dashboard', () => {
  const output = new Map<string, Rolldown.OutputChunk | Rolldown.OutputAsset>();
  const chunks = () => [...output.values()].filter((file) => file.type === 'chunk');

  beforeAll(async () => {
    // As it ships: the libraries are larger for a test.
    vi.stubEnv('NODE_ENV', 'production');
    const configFile = join(root, 'vite.config.ts');
    const built = await build({ configFile, root, logLevel: 'warn', build: { write: false } });
    vi.unstubAllEnvs();
    if (!('output' in built)) throw new Error('the dashboard has one build');
    for (const file of built.output) output.set(file.fileName, file);
  });

  /** A chunk with all that it imports, and their styles. */
  function withImports(name: string, names = new Set<string>()): Set<string> {
    const chunk = output.get(name);
    if (chunk?.type !== 'chunk' || names.has(name)) return names;
    names.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) names.add(style);
    for (const imported of chunk.imports) withImports(imported, names);
    return names;
  }

  function firstLoad(): Set<string> {
    const names = new Set(['index.html']);
    for (const source of shown) {
      const chunk = chunks().find(({ moduleIds }) => moduleIds.includes(join(root, 'src', source)));
      if (chunk === undefined) throw new Error(`nothing was built of ${source}`);
      withImports(chunk.fileName, names);
    }
    return names;
  }

  /** The page itself is sent as it is: its nonce changes with each answer. */
  function sentBytes(name: string): number {
    const file = output.get(name);
    const content = file?.type === 'chunk' ? file.code : (file?.source ?? '');
    return name.endsWith('.html') ? content.length : brotliCompressSync(content).length;
  }

  it('is below 250 KB compressed, the chart of the home page and all styles included', () => {
    const sizes = [...firstLoad()].map((name) => [name, sentBytes(name)] as const);
    const totalBytes = sizes.reduce((total, [, bytes]) => total + bytes, 0);
    expect(totalBytes, sizes.map((each) => each.join(': ')).join(', ')).toBeLessThan(limitBytes);
    expect(totalBytes, 'something is not counted').toBeGreaterThan(limitBytes / 2);
  });

  it('leaves menus and dialogs to whoever opens one', () => {
    const modules = chunks()
      .filter(({ fileName }) => firstLoad().has(fileName))
      .flatMap(({ moduleIds }) => moduleIds);
    const lazy = /@floating-ui|react-remove-scroll|\/components\/(Menu|Modal)\//;
    expect(modules.filter((id) => lazy.test(id))).toEqual([]);
    expect(chunks().some(({ moduleIds }) => moduleIds.some((id) => lazy.test(id)))).toBe(true);
  });

  it('brings no schemas: the server checks what is sent', () => {
    const modules = chunks().flatMap(({ moduleIds }) => moduleIds);
    expect(modules.filter((id) => /\/zod\/|\/protocol\/src\/operations\//.test(id))).toEqual([]);
  });
});

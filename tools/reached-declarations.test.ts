import { describe, expect, it } from 'vitest';
import { reachedDeclarations } from './reached-declarations.ts';

const base = 'packages/base/src';
const index = { '.': './src/index.ts', './names': './src/names.ts' };

/** What a file of another package that says this reaches. */
function reached(text: string, more: Readonly<Record<string, string>> = {}): Map<string, string> {
  const declarations = new Map([
    ['packages/sdk/src/index.ts', text],
    [
      `${base}/index.ts`,
      "export * from './schemas.ts';\nexport { type Name, name as called } from './names.ts';\n",
    ],
    [
      `${base}/names.ts`,
      "export type Name = string;\nexport declare const name: import('./parts/first.ts').First;\n",
    ],
    [
      `${base}/parts/first.ts`,
      "import type { KeyObject } from 'node:crypto';\nexport interface First { key: KeyObject }\n",
    ],
    [`${base}/schemas.ts`, "import type { z } from 'zod';\nexport type Schema = z.ZodType;\n"],
    ...Object.entries(more),
  ]);
  const isThere = (specifier: string) => /^(node:|framework$)/.test(specifier);
  return reachedDeclarations(declarations, ['packages/sdk/src/index.ts'], {
    exportsOf: () => index,
    isThere,
  });
}

describe('reachedDeclarations', () => {
  it('takes a name from the file that declares it and leaves out what else an index exports', () => {
    const all = reached("import type { Name as Own } from '@latchkey/base';\nexport type Mine = Own;\n");
    expect(all.get('sdk/index.d.ts')).toContain("import type { Name as Own } from '../base/names.js';");
    expect([...all.keys()]).toEqual(['sdk/index.d.ts', 'base/names.d.ts', 'base/parts/first.d.ts']);
    expect(all.get('base/names.d.ts')).toContain("import('./parts/first.js').First");
    expect(all.get('base/parts/first.d.ts')).toContain("from 'node:crypto'");
  });

  it('leaves imports of what is there as they stand', () => {
    const text =
      "import type { App } from 'framework';\nexport declare const app: import('framework').App & App;\n";
    expect(reached(text)).toEqual(new Map([['sdk/index.d.ts', text]]));
  });

  it('follows whole files and entry points', () => {
    const all = reached("export * from './own.ts';\n", {
      'packages/sdk/src/own.ts': "export { type Name } from '@latchkey/base/names';\n",
    });
    expect(all.get('sdk/index.d.ts')).toBe("export * from './own.js';\n");
    expect(all.get('sdk/own.d.ts')).toBe("export { type Name } from '../base/names.js';\n");
  });

  it('refuses a type of a package that a user would have to install, and names who needs it', () => {
    expect(() => reached("export { type Schema } from '@latchkey/base';\n")).toThrow(
      `the types of ${base}/schemas.ts need zod`,
    );
    expect(() => reached("export { type Nothing } from '@latchkey/base';\n")).toThrow('exports no Nothing');
    expect(() => reached("export { a } from '@latchkey/base/hidden';\n")).toThrow(
      'need @latchkey/base/hidden',
    );
  });
});

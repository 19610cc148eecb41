/**
 * Types of the package that stand alone. What the sources say of an operation comes from its Zod schemas, in another
 * package; here the compiler says it in plain types, and every other type is taken from the file that declares it.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';
import { operationIds } from '@latchkey/protocol/routes';
import { type Declarations, reachedDeclarations, typesPath } from './reached-declarations.ts';
import { mayImport, readManifest, type SdkEntry } from './sdk-entries.ts';

const operationTable = 'packages/protocol/src/operations/index.ts';
const startOfFlatTable = 'export declare const operations: ';

/** A call has a type that nobody has written down, so the compiler spells it out. */
function flatTableSource(): string {
  const entries = operationIds.map((id) => `  '${id}': typesOf('${id}'),`);
  return `import type { Output, Request } from '@latchkey/protocol';
import type { OperationId } from '@latchkey/protocol/routes';
declare function typesOf<Id extends OperationId>(id: Id): { request: Request<Id>; output: Output<Id> };
export const operations = {
${entries.join('\n')}
};
`;
}

function flatTable(emitted: string): string {
  const start = emitted.indexOf(startOfFlatTable);
  if (start === -1) throw new Error('the compiler has spelled no operation out');
  const table = emitted.slice(start + startOfFlatTable.length).replace(/;\s*$/, '');
  return `/** What is sent to each operation and what it answers. */
export interface Operations ${table}
/** What a caller sends: defaults may be left out. */
export type Request<Id extends keyof Operations> = Operations[Id]['request'];
/** What a caller gets as \`data\`. */
export type Output<Id extends keyof Operations> = Operations[Id]['output'];
`;
}

function compile(project: string): void {
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', project], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the declarations do not compile:\n${stdout}`);
}

/** What the package is made of. The compiler writes no declarations of what it only finds through `node_modules`. */
const packages = ['keys', 'protocol', 'sdk'];

/** Compiles these packages, and the table of operations in plain types in place of its own. */
function emitDeclarations(root: string, folder: string): Declarations {
  const scratch = mkdtempSync(join(folder, 'types-'));
  try {
    writeFileSync(join(scratch, 'operations.ts'), flatTableSource());
    const project = {
      extends: join(root, 'tsconfig.check.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: root,
        outDir: 'out',
      },
      files: ['operations.ts'],
      include: packages.map((name) => join(root, 'packages', name, 'src')),
      exclude: [join(root, 'packages/**/*.test.ts'), join(root, 'packages/**/*-for-tests.ts')],
    };
    writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(project));
    compile(scratch);
    return readEmitted(join(scratch, 'out'), relative(root, join(scratch, 'operations.ts')));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function readEmitted(out: string, flatTableFile: string): Declarations {
  const declarations = new Map<string, string>();
  for (const path of globSync('**/*.d.ts', { cwd: out })) {
    declarations.set(path.replace(/\.d\.ts$/, '.ts'), readFileSync(join(out, path), 'utf8'));
  }
  declarations.set(operationTable, flatTable(declarations.get(flatTableFile) ?? ''));
  return declarations;
}
/** Writes `<name>.d.ts` for each entry and, below `types`, every declaration that it reaches. */
export function writeDeclarations(root: string, folder: string, entries: readonly SdkEntry[]): void {
  const declarations = emitDeclarations(root, folder);
  const own = relative(root, join(folder, '..')).replaceAll('\\', '/');
  const sources = entries.map(({ source }) => posix.join(own, source));
  const manifestOf = (name: string) => readManifest(join(root, 'packages', name));
  const surroundings = {
    exportsOf: (name: string) => manifestOf(name).exports,
    isThere: (specifier: string) => mayImport(manifestOf('sdk'), specifier),
  };
  for (const [path, text] of reachedDeclarations(declarations, sources, surroundings)) {
    const file = join(folder, 'types', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const [index, { name }] of entries.entries()) {
    const target = typesPath(sources[index] ?? '').replace(/\.d\.ts$/, '.js');
    writeFileSync(join(folder, `${name}.d.ts`), `export * from './types/${target}';\n`);
  }
}

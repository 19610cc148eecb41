import { posix } from 'node:path';
import { type ImportStatement, importsOf, withoutComments } from './import-statements.ts';
import { isTest, readFiles, report, type SourceFile } from './source-files.ts';
import { checkVersions } from './version-faults.ts';

/** What each package may import of the others. Tests may import anything. */
const packagesBelow: Readonly<Record<string, readonly string[]>> = {
  keys: [],
  protocol: ['keys'],
  sdk: ['keys', 'protocol'],
  cli: ['keys', 'protocol', 'sdk'],
  dashboard: ['keys', 'protocol', 'sdk'],
  server: ['keys', 'protocol'],
  testkit: ['keys', 'protocol', 'sdk', 'server', 'cli'],
};

/** The only packages from outside that these may import, beside Node's own. */
const externals: Readonly<Record<string, readonly string[]>> = { keys: [], protocol: ['zod'] };

/** The rooms of the server and its top files, lowest first; a room sees itself and what stands below it. */
const serverRooms: readonly (readonly string[])[] = [
  ['platform', 'version'],
  ['storage', 'engines'],
  ['domains'],
  ['http'],
  ['settings'],
  ['shown-settings'],
  ['deps'],
  ['app'],
  ['serve', 'admin-create-key', 'main'],
  ['index'],
];

const maxLines = 350;

interface Edge extends ImportStatement {
  /** The importing file. */
  readonly from: string;
  /** The imported file, or the name of a package from outside. */
  readonly to: string;
}

function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1];
}

function target(from: string, specifier: string): string {
  const workspace = /^@latchkey\/([^/]+)/.exec(specifier)?.[1];
  if (workspace !== undefined) return `packages/${workspace}/src/index.ts`;
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier;
}

function edgesOf({ path, text }: SourceFile): Edge[] {
  return importsOf(text).map((each) => ({ ...each, from: path, to: target(path, each.specifier) }));
}

function isServerCommand(path: string): boolean {
  return /^packages\/cli\/src\/commands\/(serve\.ts$|admin\/)/.test(path);
}

function packageFault({ from, to, specifier, dynamic }: Edge): string | undefined {
  const own = packageOf(from) ?? '';
  const other = packageOf(to);
  if (other === own) return undefined;
  if (other === undefined) {
    const allowed = externals[own];
    const fine = allowed === undefined || specifier.startsWith('node:') || allowed.includes(specifier);
    return fine ? undefined : `${own} may not depend on ${specifier}`;
  }
  if (specifier.startsWith('.')) return `reaches ${other} by a path; import @latchkey/${other}`;
  if (packagesBelow[own]?.includes(other)) return undefined;
  if (own === 'cli' && other === 'server' && isServerCommand(from)) {
    return dynamic ? undefined : 'imports server before it is needed; use await import(…)';
  }
  return `${own} may not import ${other}`;
}

/** The room of a file of the server: a folder, or the name of a file at the top. */
function roomOf(path: string): string | undefined {
  return /^packages\/server\/src\/([^/.]+)/.exec(path)?.[1];
}

function heightOf(room: string): number {
  return serverRooms.findIndex((rooms) => rooms.includes(room));
}

function roomFault({ from, to, specifier }: Edge): string | undefined {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room === undefined || other === undefined || room === other) return undefined;
  return heightOf(other) < heightOf(room)
    ? undefined
    : `is in ${room} and may not import ${other} (${specifier})`;
}

function domainOf(path: string): string | undefined {
  return /^packages\/server\/src\/domains\/([^/]+)\//.exec(path)?.[1];
}

function domainFault({ from, to }: Edge): string | undefined {
  const [domain, other] = [domainOf(from), domainOf(to)];
  if (domain === undefined || other === undefined || domain === other) return undefined;
  return to.endsWith(`/${other}/index.ts`) ? undefined : `reaches into the domain ${other}; use its index.ts`;
}

function frameworkFault({ from, specifier }: Edge): string | undefined {
  if (packageOf(from) !== 'server' || !/^(fastify|@fastify\/.*|@scalar\/fastify.*)$/.test(specifier)) return;
  const allowed = roomOf(from) === 'http' || roomOf(from) === 'app';
  return allowed ? undefined : `only http/ and app.ts may import ${specifier}`;
}

function mayHoldSql(path: string): boolean {
  return path.endsWith('.sql.ts') || roomOf(path) === 'storage' || packageOf(path) === 'testkit';
}

function kyselyFault({ from, specifier }: Edge): string | undefined {
  return specifier === 'kysely' && !mayHoldSql(from)
    ? 'only *.sql.ts and storage/ may import kysely'
    : undefined;
}

function testFault({ to }: Edge): string | undefined {
  return isTest(to) ? `is shipped and may not import the test ${to}` : undefined;
}

const edgeRules = [testFault, packageFault, roomFault, domainFault, frameworkFault, kyselyFault];

function edgeFaults(file: SourceFile): string[] {
  const faults = edgesOf(file).flatMap((edge) => edgeRules.map((rule) => rule(edge)));
  return faults.filter((fault) => fault !== undefined);
}

function placeFaults({ path, text }: SourceFile): string[] {
  const faults: string[] = [];
  if (!Object.hasOwn(packagesBelow, packageOf(path) ?? ''))
    faults.push('stands in a package without a direction');
  const room = roomOf(path);
  if (room !== undefined && heightOf(room) === -1)
    faults.push(`stands in ${room}, which is no room of the server`);
  const query = /\b(selectFrom|insertInto|updateTable|deleteFrom)\(/.exec(withoutComments(text));
  if (query !== null && !mayHoldSql(path)) faults.push(`holds SQL (${query[1]}); it belongs in a *.sql.ts`);
  return faults;
}

function shapeFaults({ path, text }: SourceFile): string[] {
  const faults: string[] = [];
  if (/\/(utils?|helpers?|common|misc)(\.|\/)/.test(path))
    faults.push('is a drawer; name it after what it holds');
  const lines = text.trimEnd().split('\n').length;
  const long = lines > maxLines && !isTest(path);
  if (long) faults.push(`has ${lines} lines; at most ${maxLines}`);
  return faults;
}

/** Everything in these files that is not where it belongs, each as `<path> <what is wrong>`. */
export function checkLayout(files: readonly SourceFile[]): string[] {
  if (files.length === 0) return ['saw no file'];
  return files.flatMap((file) => {
    const faults = isTest(file.path) ? [] : [...edgeFaults(file), ...placeFaults(file)];
    return [...faults, ...shapeFaults(file)].map((fault) => `${file.path} ${fault}`);
  });
}

if (import.meta.main) {
  const root = `${import.meta.dirname}/..`;
  const files = readFiles(root, 'packages/*/src/**/*.{ts,tsx,mts,cts,js,mjs,cjs}');
  const manifests = readFiles(root, '{,packages/*/}package.json');
  report('check-layout', [...checkLayout(files), ...checkVersions(files, manifests)]);
  console.log(`check-layout: read ${files.length} files and ${manifests.length} manifests`);
}

import { posix } from 'node:path';

/** Declarations, as the compiler writes them, by the file of the repository that they were made from. */
export type Declarations = ReadonlyMap<string, string>;

/** What is outside of the declarations. */
interface Surroundings {
  /** `exports` of a package of the workspace, by its short name. */
  readonly exportsOf: (name: string) => Readonly<Record<string, string>>;
  /** Whether whoever uses the types has this, so that it is imported as it stands. */
  readonly isThere: (specifier: string) => boolean;
}

/** One name in braces: `type Request as Asked`. */
interface Picked {
  readonly name: string;
  readonly text: string;
}

const fromStatement = /^(import|export)( type)? (\*|\{[^}]*\}) from ['"]([^'"]+)['"];$/gm;
const typeQuery = /\bimport\(['"]([^'"]+)['"]\)\.(\w+)/g;

function pickedOf(clause: string): Picked[] {
  const texts = clause
    .slice(1, -1)
    .split(',')
    .map((text) => text.trim());
  return texts
    .filter((text) => text !== '')
    .map((text) => ({ name: /^(?:type )?(\w+)/.exec(text)?.[1] ?? '', text }));
}

/** Where the declaration made from a file stands below `types`. */
export function typesPath(file: string): string {
  return file.replace(/^packages\/([^/]+)\/src\//, '$1/').replace(/\.ts$/, '.d.ts');
}

/**
 * The declarations that these files need, by their path below `types`, with every import relative. A name is taken from
 * the file that declares it, so that an index brings along nothing else.
 *
 * @throws when a type comes from a package that a user would have to install.
 */
export function reachedDeclarations(
  declarations: Declarations,
  files: readonly string[],
  { exportsOf, isThere }: Surroundings,
): Map<string, string> {
  const wanted = new Set(files);

  function textOf(file: string): string {
    const text = declarations.get(file);
    if (text === undefined) throw new Error(`${file} has no declarations`);
    return text;
  }

  function fileOf(specifier: string, from: string): string {
    if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
    const [, name = '', rest = ''] = /^@latchkey\/([^/]+)(\/.+)?$/.exec(specifier) ?? [];
    const source = name === '' ? undefined : exportsOf(name)[`.${rest}`];
    if (source === undefined) throw new Error(`the types of ${from} need ${specifier}`);
    return posix.join('packages', name, source);
  }

  /** The file that declares what another one exports by a name; undefined where it exports no such thing. */
  function declarerOf(name: string, file: string): string | undefined {
    const text = textOf(file);
    if (new RegExp(`^export (?:declare )?(?:abstract )?\\w+ ${name}\\b`, 'm').test(text)) return file;
    for (const [, kind, , clause = '', specifier = ''] of text.matchAll(fromStatement)) {
      const passesOn =
        kind === 'export' && (clause === '*' || pickedOf(clause).some((each) => each.name === name));
      const declarer = passesOn ? declarerOf(name, fileOf(specifier, file)) : undefined;
      if (declarer !== undefined) return declarer;
    }
    return undefined;
  }

  function specifierOf(target: string, from: string): string {
    wanted.add(target);
    const path = posix.relative(posix.dirname(typesPath(from)), typesPath(target)).replace(/\.d\.ts$/, '.js');
    return path.startsWith('.') ? path : `./${path}`;
  }

  function declaring(name: string, specifier: string, from: string): string {
    const declarer = declarerOf(name, fileOf(specifier, from));
    if (declarer === undefined) throw new Error(`${specifier} exports no ${name}, which ${from} needs`);
    return specifierOf(declarer, from);
  }

  function standingAlone(text: string, file: string): string {
    const statements = text.replace(
      fromStatement,
      (statement, kind, type = '', clause: string, specifier: string) => {
        if (isThere(specifier)) return statement;
        if (clause === '*') return `${kind}${type} * from '${specifierOf(fileOf(specifier, file), file)}';`;
        const lines = pickedOf(clause).map(
          ({ name, text: picked }) =>
            `${kind}${type} { ${picked} } from '${declaring(name, specifier, file)}';`,
        );
        return lines.join('\n');
      },
    );
    return statements.replace(typeQuery, (query, specifier: string, name: string) =>
      isThere(specifier) ? query : `import('${declaring(name, specifier, file)}').${name}`,
    );
  }

  const reached = new Map<string, string>();
  // A set that grows while it is walked is walked to its new end.
  for (const file of wanted) reached.set(typesPath(file), standingAlone(textOf(file), file));
  return reached;
}

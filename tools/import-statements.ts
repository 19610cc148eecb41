/** One module that a file asks for. */
export interface ImportStatement {
  readonly specifier: string;
  /** True for `import('…')`, which loads when it is reached and not before. */
  readonly dynamic: boolean;
}

const comment = /^[ \t]*\/\*[\s\S]*?\*\/|(?:^|[ \t])\/\/.*$/gm;
const fromClause = /^[ \t]*(?:import|export)\b[^'"`;=()]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const sideEffect = /^[ \t]*import\s*['"]([^'"]+)['"]/gm;
const dynamicImport = /\bimport\(\s*['"`]([^'"`]+)['"`]/g;

/** Blanks comments that start a line or follow a space, so that prose about code is not read as code. */
export function withoutComments(text: string): string {
  return text.replace(comment, '');
}

/** Every module that the text of a TypeScript file imports or re-exports, types included. */
export function importsOf(text: string): ImportStatement[] {
  const code = withoutComments(text);
  const specifiers = (pattern: RegExp) => [...code.matchAll(pattern)].flatMap((match) => match[1] ?? []);
  const direct = [...specifiers(fromClause), ...specifiers(sideEffect)];
  return [
    ...direct.map((specifier) => ({ specifier, dynamic: false })),
    ...specifiers(dynamicImport).map((specifier) => ({ specifier, dynamic: true })),
  ];
}

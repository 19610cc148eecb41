import type { Argument, Command, Flag, Group, Node } from './command.ts';

const lineWidth = 100;

function wrapped(text: string, indent: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && indent + line.length + 1 + word.length > lineWidth) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** Terms with their explanations in one column. */
function list(title: string, entries: readonly (readonly [term: string, text: string])[]): string {
  const width = Math.max(...entries.map(([term]) => term.length)) + 2;
  const lines = entries.map(([term, text]) => `  ${term.padEnd(width)}${wrapped(text, width + 2)}`);
  return [`${title}:`, ...lines].join('\n');
}

function flagTerm(name: string, flag: Flag): string {
  return flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`;
}

/** As in the list of options, with the letter that stands for it. */
function listedTerm(name: string, flag: Flag): string {
  return flag.short === undefined ? flagTerm(name, flag) : `-${flag.short}, ${flagTerm(name, flag)}`;
}

function argumentTerm({ name, required }: Argument): string {
  return required ? `<${name}>` : `[${name}]`;
}

function usageLine(path: readonly string[], { flags, argument }: Command): string {
  const required = Object.entries(flags).filter(([, flag]) => flag.required === true);
  const parts = required.map(([name, flag]) => flagTerm(name, flag));
  const positional = argument === undefined ? [] : [argumentTerm(argument)];
  return ['Usage: latchkey', ...path, ...positional, ...parts, '[options]'].join(' ');
}

/** The help of one command. */
export function commandHelp(path: readonly string[], command: Command): string {
  const { argument, notes = [], examples } = command;
  const shown = Object.entries(command.flags).filter(([, flag]) => flag.hidden !== true);
  const options = shown.map(
    ([name, flag]) =>
      [listedTerm(name, flag), `${flag.summary}${flag.required ? ' (required)' : ''}`] as const,
  );
  const sections = [
    wrapped(command.summary, 0),
    usageLine(path, command),
    ...(argument === undefined ? [] : [list('Argument', [[argumentTerm(argument), argument.summary]])]),
    list('Options', [...options, ['-h, --help', 'Show this help']]),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
    ['Examples:', ...examples.map((example) => `  $ ${example}`)].join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

function termOf(name: string, node: Node): string {
  return [name, ...(node.aliases ?? [])].join(', ');
}

/** The help of a group of commands, or of the whole program where the path is empty. */
export function groupHelp(path: readonly string[], group: Group): string {
  const usage = ['Usage: latchkey', ...path, '<command> [options]'].join(' ');
  const commands = Object.entries(group.children).map(
    ([name, node]) => [termOf(name, node), node.summary] as const,
  );
  const own = [
    ['-h, --help', 'Show help, also of a single command'] as const,
    ...(path.length === 0 ? [['-V, --version', 'Show the version'] as const] : []),
  ];
  const { examples = [] } = group;
  const sections = [
    wrapped(group.summary, 0),
    usage,
    list('Commands', commands),
    list('Options', own),
    ['Examples:', ...examples.map((example) => `  $ ${example}`)].join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

import type { Argument, Command, Flag, Group, Node } from './command.ts';
import { wrapCommandLine, wrapPieces, wrapText } from './wrap.ts';

const usualWidth = 80;
const leastWidth = 60;
const mostWidth = 100;

/** As wide as the terminal, within what can be read. */
function widthFor(columns: number | undefined): number {
  return Math.min(Math.max(columns ?? usualWidth, leastWidth), mostWidth);
}

type Entry = readonly [term: string, text: string];

/** Terms with their explanations in one column; a term that would take more than half of a line stands above its own. */
function list(title: string, entries: readonly Entry[], width: number): string {
  const fitting = entries.map(([term]) => term.length).filter((length) => length <= width / 2 - 4);
  const indent = Math.max(0, ...fitting) + 4;
  const lines = entries.map(([term, text]) => {
    const start = term.length + 4 > indent ? `  ${term}\n${' '.repeat(indent)}` : `  ${term}`.padEnd(indent);
    return `${start}${wrapText(text, { width, indent })}`;
  });
  return [`${title}:`, ...lines].join('\n');
}

function exampleList(examples: readonly string[], width: number): string {
  const lines = examples.map((example) => `  $ ${wrapCommandLine(example, { width, indent: 4 })}`);
  return ['Examples:', ...lines].join('\n');
}

function flagTerm(name: string, flag: Flag): string {
  return flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`;
}

/** As in the list of options, with the letter that stands for it. */
function listedTerm(name: string, flag: Flag): string {
  return flag.short === undefined ? flagTerm(name, flag) : `-${flag.short}, ${flagTerm(name, flag)}`;
}

function argumentTerm({ name, required, repeatable }: Argument): string {
  return `${required ? `<${name}>` : `[${name}]`}${repeatable ? '…' : ''}`;
}

function usageText(path: readonly string[], { flags, argument }: Command, width: number): string {
  const required = Object.entries(flags).filter(([, flag]) => flag.required === true);
  const parts = required.map(([name, flag]) => flagTerm(name, flag));
  const positional = argument === undefined ? [] : [argumentTerm(argument)];
  const pieces = ['latchkey', ...path, ...positional, ...parts, '[options]'];
  return `Usage: ${wrapPieces(pieces, { width, indent: 7 })}`;
}

/** Notes stand in the code in several lines: a sentence that one of them leaves open goes on in the next. */
function paragraphs(notes: readonly string[]): string[] {
  const goesOn = /(?<=^\S.*[^.:!?\n])\n(?=\S)/gm;
  return notes.join('\n').replace(goesOn, ' ').split('\n');
}

/** The help of one command, for a terminal of so many columns or for none. */
export function commandHelp(path: readonly string[], command: Command, columns: number | undefined): string {
  const width = widthFor(columns);
  const { argument, notes = [], examples } = command;
  const shown = Object.entries(command.flags).filter(([, flag]) => flag.hidden !== true);
  const options = shown.map(
    ([name, flag]) =>
      [listedTerm(name, flag), `${flag.summary}${flag.required ? ' (required)' : ''}`] as const,
  );
  const sections = [
    wrapText(command.summary, { width, indent: 0 }),
    usageText(path, command, width),
    ...(argument === undefined
      ? []
      : [list('Argument', [[argumentTerm(argument), argument.summary]], width)]),
    list('Options', [...options, ['-h, --help', 'Show this help']], width),
    ...(notes.length === 0
      ? []
      : [
          paragraphs(notes)
            .map((text) => wrapText(text, { width, indent: 0 }))
            .join('\n'),
        ]),
    exampleList(examples, width),
  ];
  return `${sections.join('\n\n')}\n`;
}

function termOf(name: string, node: Node): string {
  return [name, ...(node.aliases ?? [])].join(', ');
}

/** The help of a group of commands, or of the whole program where the path is empty; `columns` as above. */
export function groupHelp(path: readonly string[], group: Group, columns: number | undefined): string {
  const width = widthFor(columns);
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
    wrapText(group.summary, { width, indent: 0 }),
    usage,
    list('Commands', commands, width),
    list('Options', own, width),
    exampleList(examples, width),
  ];
  return `${sections.join('\n\n')}\n`;
}

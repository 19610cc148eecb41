import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { projectPath } from './project-path.ts';

const path = projectPath('bench/RESULTS.md');

const introduction = `# Measured

Written by \`npm run bench -- NAME --write\`, one section each. Every figure that counts is a ratio between things that
were measured in turns within one run: quote the ratios. Absolute values drift with the machine and the hour. [README.md](README.md)
says what each bench needs, and how figures come about.`;

/** The text of the results with one section put in or replaced; the others stay as they are. */
export function withSection(text: string, name: string, section: string): string {
  const [head = '', ...sections] = text.trim().split(/\n+(?=## )/);
  const others = sections.filter((each) => !each.startsWith(`## ${name}\n`));
  return `${[head, ...[...others, section].sort()].join('\n\n')}\n`;
}

/** Puts a section into bench/RESULTS.md in place of the one of that name. */
export function writeSection(name: string, section: string): void {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : introduction;
  writeFileSync(path, withSection(text, name, section));
}

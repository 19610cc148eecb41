import { type CompletedFlag, type Place, pathsOf } from './table.ts';

/** Prints the saved profile names; quiet where the program is not on the path. */
export const profileNames = '$(latchkey use --list-names 2>/dev/null)';

/** How a shell fills in the answers; each is one shell statement. */
export interface Answers {
  readonly words: (words: string) => string;
  readonly files: string;
  /** Both at once. */
  readonly wordsAndFiles: (words: string) => string;
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join('|');
}

/** `case` branches that walk from one place to the next; `$at` is the path so far. */
export function walkBranches(places: readonly Place[]): string {
  return places
    .filter(({ path }) => path.length > 0)
    .map((place) => `      ${quoted(pathsOf(place))}) at="${place.path.join(' ')}" ;;`)
    .join('\n');
}

function valueAnswer({ flag }: CompletedFlag, answers: Answers): string {
  const offered = flag.choices ?? flag.suggests;
  if (offered !== undefined) return answers.words(offered.join(' '));
  if (flag.completes === 'profiles') return answers.words(profileNames);
  return flag.completes === 'files' ? answers.files : ':';
}

function spellings(path: readonly string[], { name, flag }: CompletedFlag): string[] {
  const names = [`--${name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])];
  return names.map((each) => `${path.join(' ')} ${each}`);
}

/** `case` branches for the value of a flag; they read `$at $previous`. */
export function valueBranches(places: readonly Place[], answers: Answers): string {
  const branches = places.flatMap(({ path, flags }) =>
    flags
      .filter(({ flag }) => flag.value !== undefined)
      .map((each) => `    ${quoted(spellings(path, each))}) ${valueAnswer(each, answers)}; return ;;`),
  );
  return branches.join('\n');
}

function nextWords({ children, flags, argument }: Place): string {
  const names = children.map(([name]) => name);
  const choices = argument?.choices ?? [];
  const dynamic = argument?.completes === 'profiles' ? [profileNames] : [];
  return [...names, ...choices, ...dynamic, ...flags.map(({ name }) => `--${name}`)].join(' ');
}

function wordAnswer(place: Place, answers: Answers): string {
  const answer = place.argument?.completes === 'files' ? answers.wordsAndFiles : answers.words;
  return answer(nextWords(place));
}

/** `case` branches for what may stand at a place; they read `$at`. */
export function wordBranches(places: readonly Place[], answers: Answers): string {
  return places.map((place) => `    "${place.path.join(' ')}") ${wordAnswer(place, answers)} ;;`).join('\n');
}

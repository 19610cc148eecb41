import { type CompletedFlag, type Place, pathsOf } from './table.ts';

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const profileNames = '(latchkey use --list-names 2>/dev/null)';

function conditions(place: Place): string[] {
  const test = place.children.length > 0 ? '__latchkey_at' : '__latchkey_in';
  return pathsOf(place).map((path) => quoted(`${test} ${path}`.trimEnd()));
}

function flagLine(condition: string, { name, flag }: CompletedFlag): string {
  const parts = ['complete -c latchkey -n', condition, '-l', name, '-d', quoted(flag.summary)];
  if (flag.short !== undefined) parts.push('-s', flag.short);
  if (flag.value !== undefined) parts.push(flag.completes === 'files' ? '-r -F' : '-x');
  if (flag.completes === 'profiles') parts.push('-a', quoted(profileNames));
  const offered = flag.choices ?? flag.suggests;
  if (offered !== undefined) parts.push('-a', quoted(offered.join(' ')));
  return parts.join(' ');
}

function placeLines(place: Place): string[] {
  const { children, argument, flags } = place;
  return conditions(place).flatMap((condition) => {
    const word = (words: string, summary: string) =>
      `complete -c latchkey -n ${condition} -a ${quoted(words)} -d ${quoted(summary)}`;
    return [
      ...children.map(([name, summary]) => word(name, summary)),
      ...(argument?.choices === undefined ? [] : [word(argument.choices.join(' '), argument.summary)]),
      ...(argument?.completes === 'profiles' ? [word(profileNames, argument.summary)] : []),
      ...(argument?.completes === 'files' ? [`complete -c latchkey -n ${condition} -F`] : []),
      ...flags.map((flag) => flagLine(condition, flag)),
    ];
  });
}

/** A fish completion script. */
export function fishScript(places: readonly Place[]): string {
  return `# fish completion for latchkey
function __latchkey_at
  set -l tokens (commandline -opc)
  test "$tokens[2..-1]" = "$argv"
end
function __latchkey_in
  set -l tokens (commandline -opc)
  string match -q -- "$argv *" "$tokens[2..-1] "
end
complete -c latchkey -f
${places.flatMap(placeLines).join('\n')}
`;
}

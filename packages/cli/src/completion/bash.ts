import { type Answers, valueBranches, walkBranches, wordBranches } from './posix.ts';
import type { Place } from './table.ts';

const answers: Answers = {
  words: (words) => `COMPREPLY=($(compgen -W "${words}" -- "$current"))`,
  files: 'COMPREPLY=($(compgen -f -- "$current"))',
  wordsAndFiles: (words) => `COMPREPLY=($(compgen -f -W "${words}" -- "$current"))`,
};

/** A bash completion script; needs no other package. */
export function bashScript(places: readonly Place[]): string {
  return `# bash completion for latchkey
_latchkey() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" at="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${at:+$at }$word" in
${walkBranches(places)}
      *) break ;;
    esac
  done
  case "$at $previous" in
${valueBranches(places, answers)}
  esac
  case "$at" in
${wordBranches(places, answers)}
  esac
}
complete -F _latchkey latchkey
`;
}

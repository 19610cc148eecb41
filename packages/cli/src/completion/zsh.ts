import { type Answers, valueBranches, walkBranches, wordBranches } from './posix.ts';
import type { Place } from './table.ts';

const answers: Answers = {
  // Unquoted on purpose: zsh splits the output of a command into words, and the rest are words already.
  words: (words) => `compadd -- ${words}`,
  files: '_files',
  wordsAndFiles: (words) => `compadd -- ${words}; _files`,
};

/** A zsh completion script, to be autoloaded as \`_latchkey\` or evaluated after compinit. */
export function zshScript(places: readonly Place[]): string {
  return `#compdef latchkey
# zsh completion for latchkey
_latchkey() {
  local previous="\${words[CURRENT-1]}" at="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
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
if [ "$funcstack[1]" = _latchkey ]; then
  _latchkey "$@"
else
  compdef _latchkey latchkey
fi
`;
}

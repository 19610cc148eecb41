import { paint, writeHeading, writeJson, writeLabels } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';
import type { Check } from './check.ts';

const unseenCut =
  'What the server wrote after that is not in this file, and a file cut behind one of its checkpoints looks whole: only a later checkpoint, from another export, shows it.';

function keyText({ keySource }: Check): string {
  if (keySource === undefined) return 'not known here before: compare it with what the operator tells you';
  return keySource === '--public-key'
    ? 'as given by --public-key'
    : 'as in an earlier export on this machine';
}

/** Says what came of checking an export, and answers the exit code. */
export function reportVerdict({ out, err }: Terminal, check: Check, json: boolean): number {
  const { verdict } = check;
  if (json) {
    writeJson(out, verdict);
    return verdict.ok ? 0 : 1;
  }
  if (!verdict.ok) {
    const { fault, seq, line, problem } = verdict;
    err.line(`\n${paint(err, 'red', `✗ ${fault}`)}  at event ${seq}, line ${line}: ${problem}\n`);
    return 1;
  }
  writeHeading(out, 'Unbroken');
  writeLabels(out, [
    ['Chain', verdict.chain],
    ['Events', String(verdict.events)],
    ['Checkpoints', String(verdict.checkpoints)],
    ['Signed at', verdict.signedAt],
    ['Public key', `${verdict.publicKey} (${keyText(check)})`],
  ]);
  out.line(`\n${unseenCut}\n`);
  return 0;
}

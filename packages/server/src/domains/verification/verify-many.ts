import type { Input, Output } from '@latchkey/protocol';
import type { VerificationDeps } from './deps.ts';
import { shownVerdict } from './shown.ts';
import { verify } from './verify.ts';

/** One verdict for each question, in their order; each is counted by itself. */
export async function verifyMany(
  deps: VerificationDeps,
  organizationId: string,
  { questions }: Input<'keys.verifyMany'>,
): Promise<Output<'keys.verifyMany'>> {
  const verdicts = await Promise.all(questions.map(async (asked) => verify(deps, organizationId, asked)));
  return { verdicts: verdicts.map((verdict) => shownVerdict(verdict, false)) };
}

import type { Answer } from '@latchkey/testkit';
import { expect } from 'vitest';

/** Tests only: status and code of a refusal in the flat form, once it is whole (contract/codika.md E.3). */
export function flatRefusal({ status, body }: Pick<Answer, 'status' | 'body'>) {
  expect(body).toMatchObject({
    success: false,
    error: expect.stringMatching(/^(?!.*\{[A-Za-z]+\}).+$/),
    code: expect.any(String),
  });
  return { status, code: body.code as string };
}

/** How often each outcome came: `OK` or the code of a refusal. */
export function outcomesOf(answers: readonly Pick<Answer, 'status' | 'body'>[]): Record<string, number> {
  const codes = answers.map((answer) => (answer.status === 200 ? 'OK' : flatRefusal(answer).code));
  const groups = Object.groupBy(codes, (code) => code);
  return Object.fromEntries(Object.entries(groups).map(([code, all]) => [code, all?.length ?? 0]));
}

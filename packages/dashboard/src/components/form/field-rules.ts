import type { FieldProblem } from './form-problems.ts';

/** What a text has to be, beside what it means. `minLength` and `maxLength` count without spaces at the ends. */
export interface TextRules {
  readonly required?: boolean | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly shape?: TextShape | undefined;
}

/** A form that a text has to have, in words that tell what is expected. */
export interface TextShape {
  readonly says: string;
  fits(text: string): boolean;
}

export const webAddress: TextShape = {
  says: 'An address like https://orders.example.com/run',
  fits: (text) => /^https?:/i.test(text) && URL.canParse(text),
};

export const emailAddress: TextShape = {
  says: 'An address like ada@example.com',
  fits: (text) => /^\S+@\S+$/.test(text),
};

export const workflowIdShape: TextShape = {
  says: 'Letters, digits, - and _ only, beginning with a letter or a digit',
  fits: (text) => /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(text),
};

export const slugShape: TextShape = {
  says: 'Small letters, digits and - only, beginning with a letter or a digit',
  fits: (text) => /^[a-z0-9][a-z0-9-]*$/.test(text),
};

const missing: FieldProblem = { text: 'Fill this in.', isTold: false };

/** What is wrong with a text. */
export function textProblem(typed: string, rules: TextRules): FieldProblem | undefined {
  const { required = false, minLength = 0, maxLength = Number.POSITIVE_INFINITY, shape } = rules;
  const text = typed.trim();
  if (text === '') return required ? missing : undefined;
  const { length } = text;
  if (length > maxLength)
    return { text: `These are ${length} characters: at most ${maxLength} fit.`, isTold: true };
  if (length < minLength) return { text: `At least ${minLength} characters.`, isTold: false };
  return shape === undefined || shape.fits(text) ? undefined : { text: `${shape.says}.`, isTold: false };
}

/** What is wrong with a text that has to be a whole number of a range, both ends included. */
export function wholeNumberProblem(
  typed: string,
  { required = false, min, max }: { readonly required?: boolean; readonly min: number; readonly max: number },
): FieldProblem | undefined {
  const text = typed.trim();
  if (text === '') return required ? missing : undefined;
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return undefined;
  const [from, to] = [min, max].map((bound) => bound.toLocaleString('en'));
  return { text: `A whole number from ${from} to ${to}, without other characters.`, isTold: true };
}

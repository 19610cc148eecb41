import { formats } from './formats.ts';

type Schema = Readonly<Record<string, unknown>>;

function formatText(name: unknown): string {
  const format = formats[String(name)];
  return format === undefined ? `as ${name}` : `${format.what} like ${format.example}`;
}

/** How a form says the bounds of a value, so that nobody learns of them by a refusal only. */
const words: Readonly<Record<string, (bound: unknown) => string>> = {
  format: formatText,
  minimum: (bound) => `at least ${bound}`,
  maximum: (bound) => `at most ${bound}`,
  exclusiveMinimum: (bound) => `more than ${bound}`,
  exclusiveMaximum: (bound) => `less than ${bound}`,
  multipleOf: (bound) => `a multiple of ${bound}`,
  minLength: (bound) => `at least ${bound} characters`,
  maxLength: (bound) => `at most ${bound} characters`,
  pattern: (bound) => `fits ${bound}`,
  minItems: (bound) => `at least ${bound} of them`,
  maxItems: (bound) => `at most ${bound} of them`,
};

/** Types that are not plain from the field itself. */
const types: Readonly<Record<string, string>> = { integer: 'a whole number', number: 'a number' };

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The bounds that a schema sets to one value, in words; nothing where there are none. */
export function rulesOf(schema: Schema): string | undefined {
  const whole = schema.type === 'integer' ? ['a whole number'] : [];
  const bounds = Object.entries(words).flatMap(([name, say]) =>
    schema[name] === undefined ? [] : [say(schema[name])],
  );
  const text = [...whole, ...bounds].join(', ');
  return text === '' ? undefined : sentence(text);
}

/** What a value has to be, where the server says of it that it `does not meet minimum.`, in words of its schema. */
export function expectedBy(schema: Schema, refusal: string): string {
  const keyword = /^does not meet (\w+)\.$/.exec(refusal)?.[1] ?? '';
  const bound = schema[keyword];
  const say = words[keyword];
  if (say !== undefined && bound !== undefined) return `${sentence(say(bound))}.`;
  const type = refusal.startsWith('must be ') ? types[String(schema.type)] : undefined;
  return type === undefined ? sentence(refusal) : `${sentence(type)}.`;
}

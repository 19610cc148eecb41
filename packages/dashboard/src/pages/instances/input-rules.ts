/** How a form says the bounds of a value, so that nobody learns of them by a refusal only. */
const words: Readonly<Record<string, (bound: unknown) => string>> = {
  minimum: (bound) => `at least ${bound}`,
  maximum: (bound) => `at most ${bound}`,
  exclusiveMinimum: (bound) => `more than ${bound}`,
  exclusiveMaximum: (bound) => `less than ${bound}`,
  multipleOf: (bound) => `a multiple of ${bound}`,
  minLength: (bound) => `at least ${bound} characters`,
  maxLength: (bound) => `at most ${bound} characters`,
  format: (bound) => `as ${bound}`,
  pattern: (bound) => `fits ${bound}`,
  minItems: (bound) => `at least ${bound} of them`,
  maxItems: (bound) => `at most ${bound} of them`,
};

/** The bounds that a schema sets to one value, in words; nothing where there are none. */
export function rulesOf(schema: Readonly<Record<string, unknown>>): string | undefined {
  const whole = schema.type === 'integer' ? ['a whole number'] : [];
  const bounds = Object.entries(words).flatMap(([name, say]) =>
    schema[name] === undefined ? [] : [say(schema[name])],
  );
  const text = [...whole, ...bounds].join(', ');
  return text === '' ? undefined : text.charAt(0).toUpperCase() + text.slice(1);
}

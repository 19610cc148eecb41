import { parseArgs } from 'node:util';
import { type Command, type Flag, type Flags, UsageError } from './command.ts';
import { isKeyLike, mask } from './output.ts';
import { suggestion } from './suggestion.ts';

type Value = string | number | boolean | readonly string[];

/** A command line after its flags were checked against their declarations. */
export interface Parsed {
  readonly wantsHelp: boolean;
  readonly values: Readonly<Record<string, Value | undefined>>;
  readonly argument: string | undefined;
  /** Those after the first, where several may be given. */
  readonly more: readonly string[];
}

interface OptionToken {
  readonly kind: 'option';
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

type Token =
  | OptionToken
  | { readonly kind: 'positional'; readonly value: string }
  | { readonly kind: string };

function tokensOf(args: readonly string[], flags: Flags): readonly Token[] {
  const options = Object.entries(flags).map(([name, flag]) => [
    name,
    {
      type: flag.value === undefined ? 'boolean' : 'string',
      ...(flag.short === undefined ? {} : { short: flag.short }),
    },
  ]);
  const help = { help: { type: 'boolean', short: 'h' } } as const;
  // Not strict: the checks below name the flag and what to do, which the parser's own messages do not.
  return parseArgs({
    args: [...args],
    options: { ...Object.fromEntries(options), ...help },
    strict: false,
    tokens: true,
  }).tokens as readonly Token[];
}

function isOption(token: Token): token is OptionToken {
  return token.kind === 'option';
}

function unknownFlag(token: OptionToken, flags: Flags): UsageError {
  const names = Object.keys(flags).filter((name) => flags[name]?.hidden !== true);
  return new UsageError(`Unknown flag ${token.rawName}.${suggestion(token.name, names, '--')}`);
}

function checkedNumber(name: string, text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new UsageError(`--${name} must be a number, not "${text}".`);
  return Number(text);
}

function checkedValue(token: OptionToken, flag: Flag): string | number | boolean {
  const { name, value, inlineValue = false } = token;
  if (flag.value === undefined) {
    if (inlineValue) throw new UsageError(`--${name} takes no value.`);
    return true;
  }
  if (value === undefined) throw new UsageError(`--${name} needs a value: --${name} ${flag.value}`);
  if (!inlineValue && value.length > 1 && value.startsWith('-')) {
    throw new UsageError(`--${name} needs a value. One that starts with - is given as --${name}=-...`);
  }
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    throw new UsageError(`--${name} must be one of: ${flag.choices.join(', ')}`);
  }
  return flag.number === true ? checkedNumber(name, value) : value;
}

/** What a flag stands at once it was given again. */
function withNext(
  earlier: Value | undefined,
  name: string,
  flag: Flag,
  value: string | number | boolean,
): Value {
  if (flag.repeatable === true) return [...(Array.isArray(earlier) ? earlier : []), String(value)];
  if (earlier !== undefined && flag.value !== undefined) throw new UsageError(`--${name} is given twice.`);
  return value;
}

function valuesOf(tokens: readonly OptionToken[], flags: Flags): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const token of tokens) {
    const { name } = token;
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw unknownFlag(token, flags);
    const earlier = Object.hasOwn(values, name) ? values[name] : undefined;
    values[name] = withNext(earlier, name, flag, checkedValue(token, flag));
  }
  return values;
}

function checkRequired(values: Parsed['values'], flags: Flags): void {
  const missing = Object.entries(flags)
    .filter(([name, flag]) => flag.required === true && (values[name] ?? '') === '')
    .map(([name, flag]) => `--${name} ${flag.value}`);
  if (missing.length > 0) throw new UsageError(`Missing: ${missing.join(', ')}`);
}

function checkInput(values: Parsed['values'], flags: Flags): void {
  const names = Object.keys(flags).filter((name) => flags[name]?.input === true && values[name] === '-');
  const [first, second] = names;
  if (second === undefined) return;
  throw new UsageError(`--${first} - and --${second} - cannot both be standard input.`);
}

function checkRequiredArgument(given: string | undefined, { argument }: Command): void {
  if (argument?.required === true && (given ?? '') === '')
    throw new UsageError(`Missing: <${argument.name}>`);
}

function argumentsOf(tokens: readonly Token[], { argument }: Command): readonly string[] {
  const given = tokens.flatMap((token) =>
    token.kind === 'positional' && 'value' in token ? [token.value] : [],
  );
  const surplus = argument?.repeatable ? undefined : given[argument === undefined ? 0 : 1];
  if (surplus !== undefined) throw new UsageError(`Unexpected argument: ${maskIfKey(surplus)}`);
  const { choices } = argument ?? {};
  if (given[0] !== undefined && choices !== undefined && !choices.includes(given[0])) {
    throw new UsageError(`${argument?.name} must be one of: ${choices.join(', ')}`);
  }
  return given;
}

/** A key that lost its flag must not reach the screen by the error about it. */
function maskIfKey(text: string): string {
  return isKeyLike(text) ? mask(text) : text;
}

/**
 * Checks what follows the command's name: unknown and repeated flags, missing values, choices, numbers and
 * required flags. Asking for help beats every mistake.
 *
 * @throws {UsageError} naming the flag.
 */
export function parseCommandLine(args: readonly string[], command: Command): Parsed {
  const tokens = tokensOf(args, command.flags);
  const options = tokens.filter(isOption);
  if (options.some((token) => token.name === 'help')) {
    return { wantsHelp: true, values: {}, argument: undefined, more: [] };
  }
  const values = valuesOf(options, command.flags);
  const [argument, ...more] = argumentsOf(tokens, command);
  checkRequired(values, command.flags);
  checkInput(values, command.flags);
  checkRequiredArgument(argument, command);
  return { wantsHelp: false, values: { ...notGiven(command.flags), ...values }, argument, more };
}

/** A switch that is not given is off, and a list empty. */
function notGiven(flags: Flags): Record<string, Value> {
  const entries = Object.entries(flags).flatMap(([name, { value, repeatable }]): [string, Value][] => {
    if (value === undefined) return [[name, false]];
    return repeatable === true ? [[name, []]] : [];
  });
  return Object.fromEntries(entries);
}

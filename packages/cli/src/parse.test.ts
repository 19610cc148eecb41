import { describe, expect, it } from 'vitest';
import { type Command, defineCommand, type Flags, UsageError } from './command.ts';
import { root } from './commands.ts';
import { parseCommandLine } from './parse.ts';
import { findNode, isGroup, leavesOf } from './tree.ts';

const base = { summary: 's', examples: ['latchkey s'], run: async () => 0 };
const command = defineCommand({
  ...base,
  argument: { name: 'thing', summary: 'a thing' },
  flags: {
    name: { value: '<name>', summary: 'n', required: true },
    days: { value: '<days>', summary: 'd', number: true },
    size: { value: '<size>', summary: 's', choices: ['small', 'large'] },
    tag: { value: '<tag>', summary: 't', repeatable: true },
    output: { value: '<file>', summary: 'o', short: 'o' },
    json: { summary: 'j' },
  },
});

function parse(...args: string[]) {
  return parseCommandLine(args, command);
}

describe('parseCommandLine', () => {
  it('reads flags before and after the argument, with a space or with =', () => {
    const { values, argument } = parse('--name', 'a b', 'thing', '--days=30', '--json');
    expect(values).toEqual({ name: 'a b', days: 30, tag: [], json: true });
    expect(argument).toBe('thing');
  });

  it('says no for a switch that was not given, nothing for a value and an empty list for a repeatable one', () => {
    expect(parse('--name', 'x').values).toEqual({ name: 'x', tag: [], json: false });
  });

  it('gathers a repeatable flag in the order it was given', () => {
    expect(parse('--name', 'x', '--tag', 'b', '--json', '--tag=a').values).toMatchObject({ tag: ['b', 'a'] });
  });

  it('takes the letter of a flag for its name, also without a space', () => {
    expect(parse('--name', 'x', '-o', 'file').values).toMatchObject({ output: 'file' });
    expect(parse('--name', 'x', '-ofile').values).toMatchObject({ output: 'file' });
    expect(() => parse('--name', 'x', '-o', 'a', '--output', 'b')).toThrow('--output is given twice.');
    expect(() => parse('--name', 'x', '-x')).toThrow('Unknown flag -x.');
  });

  it('takes several arguments where the command does, and only there', () => {
    const several = defineCommand({
      ...base,
      argument: { name: 'path', summary: 'p', required: true, repeatable: true },
      flags: {},
    });
    expect(parseCommandLine(['a', 'b', '-'], several)).toMatchObject({ argument: 'a', more: ['b', '-'] });
    expect(parseCommandLine(['a'], several)).toMatchObject({ argument: 'a', more: [] });
    expect(() => parseCommandLine([], several)).toThrow('Missing: <path>');
    expect(() => parse('--name', 'x', 'thing', 'other')).toThrow('Unexpected argument: other');
  });

  it('takes -- as the end of the flags', () => {
    expect(parse('--name', 'x', '--', '--json').argument).toBe('--json');
  });

  it('takes a value that begins with - only after =', () => {
    expect(parse('--name=-x').values).toMatchObject({ name: '-x' });
    expect(() => parse('--name', '-x')).toThrow(/--name needs a value/);
  });

  it('takes a single - as a value', () => {
    expect(parse('--name', '-').values).toMatchObject({ name: '-' });
  });

  it('takes an empty value where the flag is not required', () => {
    expect(parse('--name', 'x', '--size=small').values).toMatchObject({ size: 'small' });
    expect(() => parse('--name', '')).toThrow('Missing: --name <name>');
  });

  it('takes nothing from the prototype of objects for a flag', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(() => parse('--name', 'x', `--${name}`)).toThrow(`Unknown flag --${name}.`);
    }
  });

  it.each<[string[], string]>([
    [[], 'Missing: --name <name>'],
    [['--name'], '--name needs a value'],
    [['--name', 'x', '--nam', 'y'], 'Unknown flag --nam. Did you mean --name?'],
    [['--name', 'x', '-z'], 'Unknown flag -z.'],
    [['--name', 'x', '--no-json'], 'Unknown flag --no-json.'],
    [['--name', 'x', '--name', 'y'], '--name is given twice.'],
    [['--name', 'x', '--json=false'], '--json takes no value.'],
    [['--name', 'x', '--days', 'abc'], '--days must be a number, not "abc".'],
    [['--name', 'x', '--days', ''], '--days must be a number, not "".'],
    [['--name', 'x', '--days', '0x10'], '--days must be a number'],
    [['--name', 'x', '--days', '1e3'], '--days must be a number'],
    [['--name', 'x', '--size', 'huge'], '--size must be one of: small, large'],
    [['--name', 'x', 'one', 'two'], 'Unexpected argument: two'],
  ])('refuses %j and says: %s', (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });

  it('does not repeat a key that lost its flag', () => {
    const key = `cko_${'x'.repeat(49)}`;
    expect(() => parse('--name', 'x', 'one', key)).toThrow('Unexpected argument: cko_xxxx...');
  });

  it('answers a wish for help before any mistake', () => {
    expect(parse('--nonsense', '--help').wantsHelp).toBe(true);
    expect(parse('-h').wantsHelp).toBe(true);
  });

  it('refuses a choice of the argument that does not exist', () => {
    const shell = defineCommand({
      ...base,
      flags: {},
      argument: { name: 'shell', summary: '', choices: ['sh'] },
    });
    expect(() => parseCommandLine(['csh'], shell)).toThrow('shell must be one of: sh');
  });
});

/** Words of a shell line without expansions. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

const everyCommand = await Promise.all(
  leavesOf(root).map(async ({ path, leaf }) => ({
    name: path.join(' '),
    command: (await leaf.load()).command,
  })),
);

/** A value that each flag accepts. */
function valueFor(flag: Flags[string]): string {
  return flag.choices?.[0] ?? (flag.number === true ? '30' : 'value');
}

function requiredArgument({ argument }: Command): string[] {
  return argument?.required === true ? ['value'] : [];
}

function requiredArgs(command: Command): string[] {
  const required = Object.entries(command.flags).filter(([, flag]) => flag.required === true);
  const flags = required.flatMap(([name, flag]) => [`--${name}`, valueFor(flag)]);
  return [...flags, ...requiredArgument(command)];
}

describe.each(everyCommand)('$name', ({ command: each }) => {
  it('lets one flag alone be standard input, of all that can be', () => {
    const names = Object.keys(each.flags).filter((name) => each.flags[name]?.input === true);
    const said = Object.keys(each.flags).filter((name) =>
      each.flags[name]?.summary.includes('standard input'),
    );
    expect(names).toEqual(expect.arrayContaining(said));
    for (const [first, second] of names.flatMap((name, at) =>
      names.slice(at + 1).map((other) => [name, other]),
    )) {
      const args = [...requiredArgs(each), `--${second}`, '-', `--${first}`, '-'];
      const message = `--${first} - and --${second} - cannot both be standard input.`;
      expect(() => parseCommandLine(args, each)).toThrow(message);
    }
  });

  it('accepts all of its flags together', () => {
    const args = Object.entries(each.flags).flatMap(([name, flag]) =>
      flag.value === undefined ? [`--${name}`] : [`--${name}`, valueFor(flag)],
    );
    const { values } = parseCommandLine([...args, ...requiredArgument(each)], each);
    expect(Object.keys(values).sort()).toEqual(Object.keys(each.flags).sort());
  });

  it('accepts --json', () => {
    expect(parseCommandLine([...requiredArgs(each), '--json'], each).values).toMatchObject({ json: true });
  });

  it('refuses to run without each of its required flags, and names it', () => {
    for (const [name, flag] of Object.entries(each.flags)) {
      if (flag.required !== true) continue;
      const args = requiredArgs(each);
      args.splice(args.indexOf(`--${name}`), 2);
      expect(() => parseCommandLine(args, each)).toThrow(`Missing: --${name} ${flag.value}`);
    }
  });

  it('refuses to run without its argument where that is required, and names it', () => {
    if (each.argument?.required !== true) return;
    const args = requiredArgs(each).slice(0, -1);
    expect(() => parseCommandLine(args, each)).toThrow(`Missing: <${each.argument.name}>`);
  });

  it('refuses an unknown flag, and names it', () => {
    const parseUnknown = () => parseCommandLine([...requiredArgs(each), '--frobnicate'], each);
    expect(parseUnknown).toThrow('Unknown flag --frobnicate.');
  });

  it('refuses a flag without its value, and names it', () => {
    for (const [name, flag] of Object.entries(each.flags)) {
      if (flag.value === undefined) continue;
      expect(() => parseCommandLine([`--${name}`], each)).toThrow(`--${name} needs a value`);
    }
  });

  it('has examples that parse', () => {
    expect(each.examples.length).toBeGreaterThan(0);
    for (const example of each.examples) {
      const typed = example.replace(/ < [\w.-]+$/, '');
      const line = /(?:^|\| |\$\()latchkey ([^|)]*)\)?"?$/.exec(typed)?.[1] ?? '';
      const { node, rest } = findNode(root, shellWords(line));
      expect(isGroup(node), example).toBe(false);
      expect(() => parseCommandLine(rest, each), example).not.toThrow();
    }
  });
});

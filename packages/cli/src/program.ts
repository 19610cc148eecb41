import { type Context, type Group, type Leaf, UsageError } from './command.ts';
import { ConfigFileError } from './config/file.ts';
import { clean, paint } from './output.ts';
import { type Found, findNode, isGroup } from './tree.ts';

/** Commands that have nothing to do with the saved key. */
const withoutExpiryWarning = new Set(['completion', 'serve', 'admin', 'logout', 'status', 'scan']);

async function groupAnswer({ terminal }: Context, { path, rest }: Found, group: Group): Promise<number> {
  const { groupHelp } = await import('./help.ts');
  const [first] = rest;
  if (first === '--help' || first === '-h') {
    terminal.out.line(groupHelp(path, group, terminal.out.columns));
    return 0;
  }
  if (first === undefined) {
    terminal.err.line(groupHelp(path, group, terminal.err.columns));
    return 2;
  }
  if (first.startsWith('-')) throw new UsageError(`Unknown flag ${clean(first.split('=')[0] ?? '')}.`);
  const { suggestion } = await import('./suggestion.ts');
  const known = suggestion(first, Object.keys(group.children), ['latchkey', ...path, ''].join(' '));
  throw new UsageError(`Unknown command: ${clean([...path, first].join(' '))}.${known}`);
}

async function runLeaf(context: Context, { path, rest }: Found, leaf: Leaf): Promise<number> {
  const [{ command }, { parseCommandLine }] = await Promise.all([leaf.load(), import('./parse.ts')]);
  const parsed = parseCommandLine(rest, command);
  if (parsed.wantsHelp) {
    const { commandHelp } = await import('./help.ts');
    const { out } = context.terminal;
    out.line(commandHelp(path, command, out.columns));
    return 0;
  }
  if (!withoutExpiryWarning.has(path[0] ?? '')) {
    const { warnOfExpiry } = await import('./expiry-warning.ts');
    warnOfExpiry(context);
  }
  const values = parsed.values as Parameters<typeof command.run>[1];
  return command.run(context, values, parsed.argument, parsed.more);
}

/** `help a b` is `a b --help`. */
function withoutHelpWord(args: readonly string[]): readonly string[] {
  return args[0] === 'help' ? [...args.slice(1), '--help'] : args;
}

function reportMistake({ terminal: { err } }: Context, message: string, path: readonly string[]): number {
  err.line(`${paint(err, 'red', 'Error:')} ${message}`);
  err.line(`Run \`${['latchkey', ...path, '--help'].join(' ')}\` for usage.`);
  return 2;
}

function reportUnexpected({ terminal: { err } }: Context, error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split('\n')) err.line(`${paint(err, 'red', 'Error:')} ${clean(line)}`);
  return 1;
}

/**
 * Runs one command line and answers the exit code: 0 done, 1 refused or not reached, 2 wrong usage with
 * nothing sent.
 */
export async function runProgram(context: Context): Promise<number> {
  const args = withoutHelpWord(context.terminal.args);
  if (args[0] === '--version' || args[0] === '-V') {
    context.terminal.out.line(context.version);
    return 0;
  }
  const found = findNode(context.commands, args);
  try {
    if (isGroup(found.node)) return await groupAnswer(context, found, found.node);
    return await runLeaf(context, found, found.node);
  } catch (error) {
    if (error instanceof UsageError) return reportMistake(context, error.message, found.path);
    if (error instanceof ConfigFileError) return reportUnexpected(context, error);
    return reportUnexpected(context, error);
  }
}

import type { ConfigStore } from './config/store.ts';
import type { ServerPackage } from './server-package.ts';
import type { Terminal } from './terminal.ts';

/** One flag; its name is the key it stands under. Help, completion and parsing all come from here. */
export interface Flag {
  readonly summary: string;
  /** What stands for the value in help; a flag without it is a switch. */
  readonly value?: string;
  readonly required?: true;
  /** One letter that stands for the name: `o` for `-o`. */
  readonly short?: string;
  /** May be given several times; the command receives a list, in that order. */
  readonly repeatable?: true;
  readonly choices?: readonly string[];
  /** Values that completion offers; which there are is for the server to judge. */
  readonly suggests?: readonly string[];
  /** The value must be a decimal number. Its range is for the server to judge. */
  readonly number?: true;
  /** The value names a saved profile; completion offers them. */
  readonly completes?: 'profiles' | 'files';
  /** The value `-` is standard input, which one flag of a command line can have. */
  readonly input?: true;
  /** Left out of help and completion. */
  readonly hidden?: true;
}

export type Flags = Readonly<Record<string, Flag>>;

type TextOf<F extends Flag> = F extends { choices: readonly (infer Choice)[] } ? Choice : string;
type OneOf<F extends Flag> =
  | (F extends { number: true } ? number : TextOf<F>)
  | (F extends { required: true } ? never : undefined);
type ValueOf<F extends Flag> = F extends { value: string }
  ? F extends { repeatable: true }
    ? readonly string[]
    : OneOf<F>
  : boolean;

/** What a command receives for its flags; a required one is there, a number is a number, a list may be empty. */
export type Values<F extends Flags> = { readonly [Name in keyof F]: ValueOf<F[Name]> };

/** The one thing that a command may take besides flags. */
export interface Argument {
  readonly name: string;
  readonly required?: true;
  readonly summary: string;
  readonly choices?: readonly string[];
  readonly completes?: 'profiles' | 'files';
  /** May be given several times; the command receives those after the first as `more`. */
  readonly repeatable?: true;
}

/** Everything outside the program that a command may touch. */
export interface Context {
  readonly terminal: Terminal;
  readonly config: ConfigStore;
  readonly fetch: typeof globalThis.fetch;
  /** In place of `@latchkey/server`, which the commands of the host otherwise load. */
  readonly serverPackage?: ServerPackage;
  readonly version: string;
  /** The command tree, for the command that completes it. */
  readonly commands: Group;
}

export interface Command<F extends Flags = Flags> {
  readonly summary: string;
  readonly flags: F;
  readonly argument?: Argument;
  /** Said below the flags in help. */
  readonly notes?: readonly string[];
  /** Whole command lines, for help. */
  readonly examples: readonly string[];
  /** Answers the exit code. */
  run(
    context: Context,
    values: Values<F>,
    argument: string | undefined,
    more: readonly string[],
  ): Promise<number>;
}

/** A command that is imported when it is called, and not before. */
export interface Leaf {
  readonly summary: string;
  readonly aliases?: readonly string[];
  readonly load: () => Promise<{ readonly command: Command }>;
}

export interface Group {
  readonly summary: string;
  readonly aliases?: readonly string[];
  readonly examples: readonly string[];
  readonly children: Readonly<Record<string, Node>>;
  /** The child that runs where no child is named. */
  readonly bare?: string;
}

export type Node = Leaf | Group;

/** Declares a command; keeps the exact types of its flags for `run`. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return command;
}

/** The command line is wrong and nothing was sent: exit code 2. The message names the flag. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

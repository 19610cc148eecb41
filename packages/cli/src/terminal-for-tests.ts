import type { Terminal } from './terminal.ts';

export interface TestTerminalOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly now?: Date;
  /** What standard input holds. */
  readonly input?: string;
  /** A person at the terminal: what they type where a secret or a yes is asked for. */
  readonly person?: {
    readonly secret?: string;
    readonly agrees?: boolean;
    readonly answers?: readonly string[];
  };
  /** What happens while somebody waits, which then takes no time; without it no wait ever ends. */
  readonly meanwhile?: (waitedMs: number, times: number) => unknown;
  /** What the browser does with an address; there is none unless told. */
  readonly browser?: (url: string) => Promise<unknown>;
  readonly isColoured?: boolean;
  /** Whether a person reads standard error, though nobody can be asked; whoever can be asked reads it. */
  readonly isRead?: boolean;
  /** How wide the terminal is that both streams go to; there is none unless told. */
  readonly columns?: number;
}

/** A terminal that records what is written, and what a person was asked. */
export interface TestTerminal extends Terminal {
  stdout(): string;
  stderr(): string;
  readonly questions: readonly string[];
  /** How long was waited, each time. */
  readonly waitsMs: readonly number[];
}

/** Makes one; nobody sits at it unless told. */
export function testTerminal(options: TestTerminalOptions = {}): TestTerminal {
  const { args = [], env = {}, cwd = '/', now = new Date('2026-11-21T00:00:00.000Z') } = options;
  const { input = '', person, isColoured = false, isRead = false, columns } = options;
  const isTerminal = isRead || person !== undefined;
  const written: { out: string[]; err: string[] } = { out: [], err: [] };
  const questions: string[] = [];
  const waitsMs: number[] = [];
  const answers = [...(person?.answers ?? [])];
  let waitedMs = 0;
  return {
    args,
    env,
    cwd,
    out: { isColoured, isTerminal: false, columns, line: (text) => void written.out.push(`${text}\n`) },
    err: { isColoured, isTerminal, columns, line: (text) => void written.err.push(`${text}\n`) },
    isInteractive: person !== undefined,
    now: () => new Date(now.getTime() + waitedMs),
    readInput: async () => input,
    async *inputPieces() {
      yield Buffer.from(input);
    },
    askSecret: async (question) => {
      questions.push(question);
      return person?.secret;
    },
    confirm: async (question) => {
      questions.push(question);
      return person?.agrees ?? false;
    },
    ask: async (question) => {
      questions.push(question);
      return answers.shift();
    },
    async wait(ms) {
      waitsMs.push(ms);
      if (options.meanwhile === undefined) return new Promise(() => undefined);
      waitedMs += ms;
      await options.meanwhile(ms, waitsMs.length);
    },
    // Nobody waits for a browser; the test does what it has to with what went wrong in it.
    openBrowser: async (url) => void options.browser?.(url),
    stdout: () => written.out.join(''),
    stderr: () => written.err.join(''),
    questions,
    waitsMs,
  };
}

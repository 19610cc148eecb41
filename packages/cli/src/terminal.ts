/** One of the two output streams; the results go to `out`, the words to `err`. */
export interface Output {
  /** Whether colours may be used: a terminal, and no `NO_COLOR`. */
  readonly isColoured: boolean;
  /** Whether a person reads it as it is written. */
  readonly isTerminal: boolean;
  /** How many characters a line of the terminal holds; undefined where there is none, or nobody knows. */
  readonly columns: number | undefined;
  /** Writes one line, or several. */
  line(text: string): void;
}

/** The terminal that a command runs in. Tests pass a double. */
export interface Terminal {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly out: Output;
  readonly err: Output;
  /** Whether a person can be asked. */
  readonly isInteractive: boolean;
  now(): Date;
  /** All of standard input, as text. */
  readInput(): Promise<string>;
  /** Standard input as bytes, piece by piece. */
  inputPieces(): AsyncIterable<Uint8Array>;
  /** Asks for a secret, masked; undefined when the person gives up. */
  askSecret(question: string): Promise<string | undefined>;
  /** Asks for yes or no; anything but yes is no. */
  confirm(question: string): Promise<boolean>;
  /** Asks for one line; undefined at the end of input. */
  ask(question: string): Promise<string | undefined>;
  /** Passes when so much time has gone by; rejects when it is called off. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Hands an address to the browser. Nothing tells whether it opens. */
  openBrowser(url: string): Promise<void>;
}

/** A reader that stops early, as `head` does, is no failure; output that is lost otherwise, as on a full disk, is one. */
function endUnlessClosedPipe({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.stderr.write(`Error: the output could not be written: ${message}\n`);
  process.exit(1);
}

/** As POSIX has it, what `COLUMNS` says goes before what the terminal does. */
function columnsOf({ isTTY, columns }: NodeJS.WriteStream, wanted: string | undefined): number | undefined {
  if (isTTY !== true) return undefined;
  return Number(/^[1-9]\d{0,4}$/.exec(wanted ?? '')?.[0] ?? columns) || undefined;
}

/** Opened at first use: the runtime's streams cost milliseconds, and few commands use all three. */
function outputOf(name: 'stdout' | 'stderr', env: Terminal['env']): Output {
  let opened: NodeJS.WriteStream | undefined;
  const stream = () => {
    opened ??= process[name].on('error', endUnlessClosedPipe);
    return opened;
  };
  return {
    get isColoured() {
      return !env.NO_COLOR && env.TERM !== 'dumb' && stream().isTTY === true;
    },
    get isTerminal() {
      return stream().isTTY === true;
    },
    get columns() {
      return columnsOf(stream(), env.COLUMNS);
    },
    line: (text) => void stream().write(`${text}\n`),
  };
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function askSecret(question: string): Promise<string | undefined> {
  const { isCancel, password } = await import('@clack/prompts');
  const answer = await password({ message: question, output: process.stderr });
  return isCancel(answer) ? undefined : answer;
}

async function ask(question: string): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises');
  using lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  const answer = await Promise.race([lines.question(`${question} `), ended]);
  if (answer === undefined) process.stderr.write('\n');
  return answer?.trim();
}

async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(`${question} [y/N]`)) ?? '');
}

async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(ms, undefined, { ...(signal && { signal }) });
}

async function openBrowser(url: string): Promise<void> {
  const { openInBrowser } = await import('./oauth/browser.ts');
  await openInBrowser(url, process.env);
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { env } = process;
  return {
    args: process.argv.slice(2),
    env,
    get cwd() {
      return process.cwd();
    },
    out: outputOf('stdout', env),
    err: outputOf('stderr', env),
    get isInteractive() {
      return process.stdin.isTTY === true && process.stderr.isTTY === true;
    },
    now: () => new Date(),
    readInput,
    inputPieces: () => process.stdin,
    askSecret,
    confirm,
    ask,
    wait,
    openBrowser,
  };
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type CommandResult, runLatchkey, runPublished, temporaryFolder } from '@latchkey/testkit';

/** A command with one person's profiles, pointed at one server. */
export interface Client {
  readonly name: 'codika' | 'latchkey';
  readonly home: string;
  /** Runs it without a terminal; colour is taken out. `env` is added to what the client always sets. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** Runs it with `--json` and parses what it wrote on stdout. */
  json<Body>(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<JsonResult<Body>>;
}

/** How a command with `--json` ended; `body` was parsed, not checked. */
export interface JsonResult<Body> {
  readonly code: number | null;
  readonly stderr: string;
  readonly body: Body;
}

interface Program {
  readonly name: Client['name'];
  readonly run: typeof runLatchkey;
  readonly baseUrlVariable: string;
}

const programs = {
  codika: { name: 'codika', run: runPublished, baseUrlVariable: 'CODIKA_BASE_URL' },
  latchkey: { name: 'latchkey', run: runLatchkey, baseUrlVariable: 'LATCHKEY_BASE_URL' },
} satisfies Record<Client['name'], Program>;

function parsed<Body>(stdout: string, args: readonly string[]): Body {
  try {
    return JSON.parse(stdout) as Body;
  } catch (cause) {
    throw new Error(`${args.join(' ')} wrote no JSON: ${JSON.stringify(stdout)}`, { cause });
  }
}

/** A client of a new person: no profile yet. */
export function newClient(name: Client['name'], baseUrl: string): Client {
  const program = programs[name];
  const home = temporaryFolder('home');
  mkdirSync(join(home, '.config'));
  const run: Client['run'] = async (args, env) => {
    const result = await program.run(args, { home, env: { [program.baseUrlVariable]: baseUrl, ...env } });
    return { ...result, stdout: plain(result.stdout), stderr: plain(result.stderr) };
  };
  return {
    name,
    home,
    run,
    async json<Body>(args: readonly string[], env?: Readonly<Record<string, string>>) {
      const { code, stdout, stderr } = await run([...args, '--json'], env);
      return { code, stderr, body: parsed<Body>(stdout, args) };
    },
  };
}

function plain(text: string): string {
  return stripVTControlCharacters(text);
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './commands.ts';
import { type Config, emptyConfig, type Profile, type Session } from './config/profile.ts';
import { configFile, configStore } from './config/store.ts';
import { runProgram } from './program.ts';
import type { ServerPackage } from './server-package.ts';
import { type TestTerminalOptions, testTerminal } from './terminal-for-tests.ts';

/** One request that the command sent. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly key: string | null;
  readonly body: unknown;
}

/** What the server says to one request; without a body, that nothing listens. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
}

export interface RunOptions extends Omit<TestTerminalOptions, 'args'> {
  /** One per request, in order; the last one answers all that follow. */
  readonly replies?: readonly Reply[];
  readonly serverPackage?: ServerPackage;
  /** In place of `replies`. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  json(): unknown;
  readonly sent: readonly Sent[];
  readonly questions: readonly string[];
  readonly waitsMs: readonly number[];
}

/** A user with a home folder of their own. */
export interface TestUser {
  readonly home: string;
  readonly configFile: string;
  run(line: string | readonly string[], options?: RunOptions): Promise<Run>;
  /** Writes profiles; the first one is active unless told. */
  save(profiles: Readonly<Record<string, Profile>>, active?: string): void;
  /** The file as it stands. */
  saved(): {
    activeProfile: string | null;
    profiles: Record<string, Profile>;
    sessions?: Record<string, Session>;
  };
  remove(): void;
}

/** Success with this data. */
export function ok(data: unknown, requestId = 'req-789'): Reply {
  return { status: 200, body: { success: true, data, requestId } };
}

/** Refusal with this code. */
export function refused(status: number, code: string, more: Readonly<Record<string, unknown>> = {}): Reply {
  const error = { code, message: `Message of ${code}.`, nextAction: 'Do this next.', ...more };
  return { status, body: { success: false, error, requestId: 'req-790' } };
}

/** Nothing listens at the address. */
export const noServer: Reply = {};

function fetchOf(replies: readonly Reply[], sent: Sent[]): typeof globalThis.fetch {
  return async (input, init) => {
    const reply = replies[Math.min(sent.length, replies.length - 1)];
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined;
    const key = new Headers(init?.headers).get('X-Process-Manager-Key');
    sent.push({ method: init?.method ?? 'GET', url: String(input), key, body });
    if (reply?.body === undefined) {
      const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      throw new TypeError('fetch failed', { cause });
    }
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    return new Response(text, {
      status: reply.status ?? 200,
      headers: { 'Content-Type': 'application/json' },
    });
  };
}

function splitLine(line: string | readonly string[]): readonly string[] {
  return typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
}

/** Makes a user with an empty home folder. */
export function testUser(): TestUser {
  const home = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
  const file = configFile({ HOME: home });
  return {
    home,
    configFile: file,
    async run(line, { replies = [], serverPackage, fetch, ...options } = {}) {
      const sent: Sent[] = [];
      const env = { HOME: home, ...options.env };
      const terminal = testTerminal({ cwd: home, ...options, env, args: splitLine(line) });
      const code = await runProgram({
        terminal,
        config: configStore(configFile(env), (text) => terminal.err.line(text)),
        fetch: fetch ?? fetchOf(replies, sent),
        version: '1.2.3',
        commands: root,
        ...(serverPackage === undefined ? {} : { serverPackage }),
      });
      return {
        code,
        stdout: terminal.stdout(),
        stderr: terminal.stderr(),
        json: () => JSON.parse(terminal.stdout()),
        sent,
        questions: terminal.questions,
        waitsMs: terminal.waitsMs,
      };
    },
    save(profiles, active) {
      const config: Config = {
        ...emptyConfig,
        activeProfile: active ?? Object.keys(profiles)[0] ?? null,
        profiles: new Map(Object.entries(profiles)),
      };
      configStore(file, () => {}).update(() => config);
    },
    saved: () => JSON.parse(readFileSync(file, 'utf8')),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

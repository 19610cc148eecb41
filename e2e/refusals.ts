import { type ErrorCode, type ErrorEntry, errors } from '@latchkey/protocol';
import { expect } from 'vitest';
import type { Client } from './clients.ts';
import { transcript } from './transcript.ts';

/** The arguments of a command, or what makes the state that it is refused in and then names them. */
export type Refused = readonly string[] | (() => Promise<readonly string[]>);

/** What a refusal on the wire looks like, as `--json` passes it on. */
export interface RefusalBody {
  readonly success: false;
  readonly status?: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly nextAction?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
  readonly requestId?: string;
}

async function argumentsOf(refused: Refused): Promise<readonly string[]> {
  return typeof refused === 'function' ? await refused() : refused;
}

/** A template of the error table as the pattern of what it becomes; white space as a transcript has it. */
function pattern(template: string): string {
  const literal = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return literal.replace(/\{[A-Za-z]+\}/g, '.+').replace(/\s+/g, ' ');
}

function oneLine(template: string): RegExp {
  return new RegExp(`^${pattern(template)}$`);
}

/** What is said in place of the error table's text, where a test knows it more exactly. */
export interface Said {
  readonly message?: RegExp;
  readonly details?: unknown;
}

function expectBody(body: RefusalBody, code: ErrorCode, { message, details }: Said): void {
  const entry: ErrorEntry = errors[code];
  expect(body).toMatchObject({ success: false, error: { code } });
  expect(body.error.message).toMatch(oneLine(entry.message));
  expect(body.error.nextAction).toMatch(oneLine(entry.nextAction));
  if (message) expect(body.error.message).toMatch(message);
  if (details) expect(body.error.details).toEqual(details);
}

/**
 * Runs an `auth` command that the server refuses, with `--json` and without: both end with 1 and say the same,
 * the code and the next action included.
 */
export async function expectAuthRefusal(
  client: Client,
  refused: Refused,
  code: ErrorCode,
  said: Said = {},
): Promise<void> {
  const entry: ErrorEntry = errors[code];
  const json = await client.json<RefusalBody>(await argumentsOf(refused));
  expectBody(json.body, code, said);
  expect({ code: json.code, status: json.body.status }).toEqual({ code: 1, status: entry.status });

  const text = await client.run(await argumentsOf(refused));
  expect({ code: text.code, stdout: text.stdout }).toEqual({ code: 1, stdout: '' });
  const [heading, nextAction] = transcript(text.stderr);
  expect(heading).toMatch(new RegExp(`^✗ ${code} ${pattern(entry.message)}$`));
  expect(nextAction).toMatch(oneLine(entry.nextAction));
}

/** Headings of the published client's `organization` commands when they are refused. */
const failureHeadings = {
  create: '✗ Organization Creation Failed',
  'create-key': '✗ Organization API Key Creation Failed',
  'update-key': '✗ API Key Update Failed',
} as const;

/** What a person reads below the line that says what is being done. */
function refusalLines(client: Client, command: string | undefined, code: ErrorCode): unknown[] {
  const { message, nextAction }: ErrorEntry = errors[code];
  const line = (text: string) => expect.stringMatching(new RegExp(`^${text}$`));
  if (client.name === 'latchkey')
    return [line(`✗ ${code} ${pattern(message)}`), line(pattern(nextAction)), 'Request ID: <id>'];
  const heading = failureHeadings[command as keyof typeof failureHeadings];
  return [heading, line(`Error: ${pattern(message)}`), 'Request ID: <id>'];
}

/**
 * Runs an `organization` command that the server refuses, with `--json` and without: both end with 1, say the
 * same and name the request. The published client says it on stdout, `latchkey` on stderr.
 */
export async function expectOrganizationRefusal(
  client: Client,
  refused: Refused,
  code: ErrorCode,
  said: Said = {},
): Promise<void> {
  const args = await argumentsOf(refused);
  const json = await client.json<RefusalBody>(args);
  expectBody(json.body, code, said);
  expect(json.code).toBe(1);
  expect(json.body.requestId).toMatch(/^[0-9a-f-]{36}$/);

  const text = await client.run(await argumentsOf(refused));
  const [words, silent] = client.name === 'codika' ? [text.stdout, text.stderr] : [text.stderr, text.stdout];
  expect({ code: text.code, silent }).toEqual({ code: 1, silent: '' });
  expect(transcript(words).slice(1)).toEqual(refusalLines(client, args[1], code));
}

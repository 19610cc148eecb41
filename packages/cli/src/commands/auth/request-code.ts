import { apiOf } from '../../api.ts';
import type { Context, Values } from '../../command.ts';
import { reportAuthFailure } from '../../failure.ts';
import { addressFlags, jsonFlag } from '../../flags.ts';
import { clean, shellWord, writeHeading, writeJson, writeLabels } from '../../output.ts';
import { isLoopbackUrl, resolveServer, type ServerAddress } from '../../server-address.ts';

export const requestFlags = {
  email: { value: '<email>', summary: 'Address that gets the code', required: true },
  ...addressFlags,
  ...jsonFlag,
} as const;

interface Journey {
  readonly operation: 'otp.requestSignup' | 'otp.requestLogin';
  /** The command that redeems the code. */
  readonly complete: string;
}

function completeCommand(complete: string, email: string, { baseUrl, source }: ServerAddress): string {
  const server = source.startsWith('flag') ? ` --base-url ${shellWord(baseUrl)}` : '';
  return `latchkey auth ${complete} --email ${shellWord(email)} --code <6-digit-code>${server}`;
}

const lookMs = 2_000;

/**
 * Where a server without SMTP on this machine keeps the code; undefined where it mails it. The code itself is not
 * asked for, and not knowing is no failure.
 */
async function localMailboxOf(
  { fetch }: Context,
  { baseUrl }: ServerAddress,
  email: string,
): Promise<string | undefined> {
  if (!isLoopbackUrl(new URL(baseUrl))) return undefined;
  const url = `${baseUrl}/local/mailbox/${encodeURIComponent(email).replaceAll('%40', '@')}`;
  try {
    const { status } = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(lookMs),
    });
    return status === 200 ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the server to email a code; answers the exit code. */
export async function requestCode(
  context: Context,
  values: Values<typeof requestFlags>,
  { operation, complete }: Journey,
): Promise<number> {
  const { terminal } = context;
  const server = resolveServer(context, values);
  const answer = await apiOf(context, server).call(operation, { email: values.email });
  if (!answer.success) return reportAuthFailure(terminal, answer, values.json);
  const { email, expiresInSeconds } = answer.data;
  if (values.json) {
    writeJson(terminal.out, { success: true, data: answer.data });
    return 0;
  }
  const minutes = Math.round(expiresInSeconds / 60);
  writeHeading(terminal.out, 'OTP sent');
  writeLabels(terminal.out, [
    ['Email', email],
    ['Expires', `in ${expiresInSeconds}s (~${minutes} minutes)`],
  ]);
  terminal.out.line('\nThe 6-digit code is in that mailbox. Redeem it with:');
  terminal.out.line(`  ${completeCommand(complete, clean(email), server)}\n`);
  const mailbox = await localMailboxOf(context, server, email);
  if (mailbox !== undefined) {
    terminal.err.line(`This server has no SMTP: the code stands in its log and at ${clean(mailbox)}`);
  }
  return 0;
}

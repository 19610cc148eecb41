import { type Context, UsageError, type Values } from '../../command.ts';
import { textOfFile } from '../../input-file.ts';

export const secretFlags = {
  secret: { value: '-', summary: 'Only -: read the secret from standard input', input: true },
  'secret-file': { value: '<file>', summary: 'File that holds the secret', completes: 'files', input: true },
} as const;

type SecretValues = Values<typeof secretFlags>;

function fileOf({ secret, 'secret-file': file }: SecretValues): string | undefined {
  if (secret !== undefined && file !== undefined) {
    throw new UsageError('--secret - and --secret-file cannot be given together.');
  }
  if (secret !== undefined && secret !== '-') {
    throw new UsageError(
      'A secret on the command line shows in `ps` and in the shell history. Give --secret - (standard input), --secret-file <file>, or nothing and type it.',
    );
  }
  return secret ?? file;
}

async function typed({ terminal }: Context): Promise<string> {
  if (!terminal.isInteractive) {
    throw new UsageError(
      'No terminal to ask for the secret. Give --secret - (standard input) or --secret-file <file>.',
    );
  }
  return (await terminal.askSecret('Signing secret, as the sender shows it')) ?? '';
}

/**
 * A signing secret from standard input, a file or a person; never from the command line. Senders choose its form, so
 * nothing but line ends behind it is taken away.
 *
 * @throws {UsageError}
 */
export async function signingSecretOf(context: Context, values: SecretValues): Promise<string> {
  const file = fileOf(values);
  const text = file === undefined ? await typed(context) : await textOfFile(context, '--secret-file', file);
  const secret = text.replace(/[\r\n]+$/, '');
  if (secret.trim() === '') throw new UsageError('The signing secret is empty.');
  return secret;
}

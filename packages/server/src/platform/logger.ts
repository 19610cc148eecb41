import { redactKeys } from '@latchkey/keys';
import { destination, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * A JSON logger on stderr, or on the stream given.
 *
 * What is secret is not passed to it in the first place; as a second line of defence every line is searched
 * for key-shaped text and the fields that could carry a credential are removed.
 */
export function createLogger(
  level: LogLevel,
  stream: { write(line: string): void } = destination(2),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'authorization',
          'headers',
          'cookie',
          'secret',
          'apiKey',
          'raw',
          'password',
          '*.authorization',
          '*.headers',
          '*.cookie',
          '*.secret',
          '*.apiKey',
          '*.raw',
          '*.password',
        ],
        remove: true,
      },
    },
    { write: (line: string) => stream.write(redactKeys(line)) },
  );
}

/**
 * The same log for lines of which every field is this program's own. They are searched for key-shaped text like all
 * others, and not for fields that they do not have: for a line per request that is most of what it costs.
 */
export function linesOfOurOwn(log: Logger): Logger {
  return log.child({}, { redact: { paths: [] } });
}

import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Sqlite from 'better-sqlite3';

const dayMs = 24 * 60 * 60 * 1000;

/** How Better Auth is set up. */
export interface BetterAuthOptions {
  readonly databaseFile: string;
  /** Whether it counts the uses of each key; the limit itself is far away. */
  readonly rateLimited: boolean;
  readonly keys: number;
}

/** Better Auth with keys of one person. */
export interface BetterAuth {
  readonly keys: readonly string[];
  /** Its verdict about a key: whether it is valid, and what is stored of it. */
  verify(key: string): Promise<{ readonly valid: boolean }>;
}

function configure({ databaseFile, rateLimited }: BetterAuthOptions) {
  const database = new Sqlite(databaseFile);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  return betterAuth({
    baseURL: 'http://127.0.0.1',
    secret: 'a-secret-of-no-consequence-for-benchmarks',
    database,
    logger: { disabled: true },
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true },
    plugins: [apiKey({ rateLimit: { enabled: rateLimited, timeWindow: dayMs, maxRequests: 1_000_000_000 } })],
  });
}

/** Opens Better Auth on a new database, written as durably as Latchkey writes, and has it make keys. */
export async function openBetterAuth(options: BetterAuthOptions): Promise<BetterAuth> {
  const auth = configure(options);
  await (await getMigrations(auth.options)).runMigrations();
  const { user } = await auth.api.signUpEmail({
    body: { name: 'Bench', email: 'bench@example.com', password: 'long-enough-to-be-accepted' },
  });
  const keys: string[] = [];
  while (keys.length < options.keys) {
    const { key } = await auth.api.createApiKey({ body: { userId: user.id, name: 'bench' } });
    keys.push(key);
  }
  return { keys, verify: (key) => auth.api.verifyApiKey({ body: { key } }) };
}

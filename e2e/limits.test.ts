import { spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Counting } from '@latchkey/protocol';
import { createPostgresDatabase, type PostgresDatabase, projectPath } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Crowd, type Killable, type Question } from './limits/crowd.ts';

const processes = 8;
const callers = 64;
const crashes = 4;
const limit = 6_000;
const slice = limit / 100;

async function startCounting(databaseUrl: string): Promise<Killable> {
  const child = spawn(process.execPath, [projectPath('e2e/limits/counting-server.ts'), databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    baseUrl: (JSON.parse(line) as { listening: string }).listening,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe(`${processes} processes with ${callers} callers each, on one PostgreSQL`, () => {
  let database: PostgresDatabase;
  let crowds: readonly Crowd[];
  beforeAll(async () => {
    database = await createPostgresDatabase();
    crowds = Array.from({ length: processes }, () => new Crowd(() => startCounting(database.url)));
    await Promise.all(crowds.map((crowd) => crowd.isReady()));
  });
  afterAll(async () => {
    await Promise.all(crowds.map((crowd) => crowd.stop()));
    await database.drop();
  });

  function keyWith(counting: Counting): Question {
    const limits = [{ requests: limit, windowSeconds: 3_600, counting }];
    return { key: 'none', body: { keyId: randomUUID(), limits, budget: null, cost: 1 } };
  }

  /** Everybody uses a new key up while some processes are killed; answers how many uses were accepted. */
  async function useUp(counting: Counting, killed: number): Promise<number> {
    const question = keyWith(counting);
    const at = Array.from({ length: killed }, () => randomInt(limit / 10, limit / 2)).sort((a, b) => a - b);
    const crashed: Promise<void>[] = [];
    let accepted = 0;
    const onAccepted = () => {
      accepted += 1;
      const victim = accepted === at[0] ? crowds[crashed.length] : undefined;
      while (at[0] === accepted) at.shift();
      if (victim !== undefined) crashed.push(victim.crash());
    };
    await Promise.all(crowds.map((crowd) => crowd.useUp(question, callers, onAccepted)));
    await Promise.all(crashed);
    return accepted;
  }

  it('accept exactly the limit where it is exact', async () => {
    expect(await useUp('exact', 0)).toBe(limit);
  });

  it('never accept more than an exact limit where some are killed, and lose only what was being answered', async () => {
    const accepted = await useUp('exact', crashes);
    expect(accepted).toBeLessThanOrEqual(limit);
    expect(accepted).toBeGreaterThanOrEqual(limit - crashes * callers);
  });

  it('never accept more than a fast limit, and refuse early by no more than the slices of the others', async () => {
    const accepted = await useUp('fast', 0);
    expect(accepted).toBeLessThanOrEqual(limit);
    expect(accepted).toBeGreaterThanOrEqual(limit - (processes - 1) * slice);
  });

  it('never accept more than a fast limit where some are killed, and lose a slice for each besides', async () => {
    const accepted = await useUp('fast', crashes);
    expect(accepted).toBeLessThanOrEqual(limit);
    expect(accepted).toBeGreaterThanOrEqual(limit - (processes - 1 + crashes) * slice - crashes * callers);
  });
});

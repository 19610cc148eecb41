import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { vi } from 'vitest';

/** Tests only: every statement that this process has sent to a database, in order, as text. */
export interface StatementLog {
  readonly texts: string[];
  /** Sees no more. */
  close(): void;
}

type Query = string | { readonly text: string };

function textOf(query: Query): string {
  return typeof query === 'string' ? query : query.text;
}

/** Tests only: watches the drivers of both engines, beneath everything that this program does with them. */
export function logStatements(): StatementLog {
  const texts: string[] = [];
  const memory = new Sqlite(':memory:');
  const statements = Object.getPrototypeOf(memory.prepare('select 1')) as Sqlite.Statement;
  memory.close();
  const spies = (['all', 'get', 'run', 'iterate'] as const).map((name) => {
    const original = statements[name] as (...values: unknown[]) => unknown;
    return vi.spyOn(statements, name).mockImplementation(function (this: Sqlite.Statement, ...values) {
      texts.push(this.source);
      return original.apply(this, values) as never;
    });
  });
  const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
  const ofPostgres = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...values: unknown[]
  ) {
    texts.push(textOf(values[0] as Query));
    return query.apply(this, values) as never;
  });
  return {
    texts,
    close() {
      for (const spy of [...spies, ofPostgres]) spy.mockRestore();
    },
  };
}

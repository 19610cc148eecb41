import { type OperationId, type Output, pathParameters, type Route, routes } from '@latchkey/protocol';
import { type Answer, signIn, type TestApp } from '@latchkey/testkit';
import { expect } from 'vitest';
import { addMember } from './rows-for-tests.sql.ts';

/** Tests only: calls an operation at its path with an access token or an environment key, or with nothing. */
export function ask(app: TestApp, id: OperationId, input: object, credential?: string): Promise<Answer> {
  const { method, path }: Route = routes[id];
  const inPath = pathParameters(path);
  const values = input as Record<string, unknown>;
  const url = path.replace(/\{([A-Za-z]+)\}/g, (_brace, name: string) => String(values[name]));
  const rest = Object.entries(values).filter(([name]) => !inPath.includes(name));
  const headers = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
  if (method === 'GET') {
    const query = new URLSearchParams(rest.map(([name, value]) => [name, String(value)]));
    return app.call(query.size === 0 ? url : `${url}?${query}`, { method, headers });
  }
  return app.call(url, { method, headers, ...(rest.length > 0 && { body: Object.fromEntries(rest) }) });
}

/** The data of a call that must succeed. */
export async function must<Id extends OperationId>(
  app: TestApp,
  id: Id,
  input: object,
  credential?: string,
): Promise<Output<Id>> {
  const answer = await ask(app, id, input, credential);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.data;
}

/** Somebody who is signed in. */
export interface Person {
  readonly email: string;
  readonly userId: string;
  /** Good for 10 minutes of the test clock. */
  readonly token: string;
}

/** Signs a person in who has an account. */
export async function signedIn(app: TestApp, email: string): Promise<Person> {
  const token = await signIn(app, email);
  const { userId } = await must(app, 'sessions.me', {}, token);
  return { email, userId, token };
}

/** An organization and its owner, who is signed in. */
export interface Team {
  readonly organizationId: string;
  readonly owner: Person;
}

/** Signs a person up and in. */
export async function foundTeam(app: TestApp, email: string): Promise<Team> {
  const { organizationId } = await app.signUp(email);
  return { organizationId, owner: await signedIn(app, email) };
}

/** Adds a member and signs them in. */
export async function joined(
  app: TestApp,
  organizationId: string,
  email: string,
  role: Parameters<typeof addMember>[3],
): Promise<Person> {
  await addMember(app.deps.store, organizationId, email, role);
  return signedIn(app, email);
}

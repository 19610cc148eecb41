import { Visitor } from '@latchkey/testkit';

/** What a person does who is sent to the sign-in page. */
export interface Person {
  readonly email: string;
  readonly decision: 'allow' | 'deny';
}

/** A browser without scripts that reaches a server over HTTP. */
export function visitorOf(baseUrl: string): Visitor {
  return new Visitor(baseUrl, async (method, path, headers, body) => {
    const response = await fetch(baseUrl + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    const cookies = response.headers.getSetCookie();
    const answered = { ...Object.fromEntries(response.headers), 'set-cookie': cookies };
    return { status: response.status, headers: answered, body: await response.text() };
  });
}

/** The newest code in the local mailbox of a server without SMTP. */
export async function localCode(baseUrl: string, email: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/local/mailbox/${encodeURIComponent(email)}`);
  const { data } = (await answer.json()) as { data: { messages: { code: string }[] } };
  return data.messages[0]?.code ?? 'no code';
}

async function proveAndDecide(visitor: Visitor, baseUrl: string, { email, decision }: Person): Promise<void> {
  await visitor.submit('/email', { email });
  await visitor.submit('/code', { code: await localCode(baseUrl, email) });
  await visitor.submit('/consent', { decision });
}

/** Follows an authorization address to its end: signs in, decides, and goes back to where the server sends it. */
export async function decideInBrowser(url: string, person: Person): Promise<void> {
  const { origin } = new URL(url);
  const visitor = visitorOf(origin);
  await visitor.open(url);
  await proveAndDecide(visitor, origin, person);
  if (visitor.leftTo === undefined) throw new Error(`the server kept the browser: ${visitor.page}`);
  await fetch(visitor.leftTo);
}

/** Types the code of a device into the page of the server and decides about it. */
export async function decideAboutDevice(baseUrl: string, userCode: string, person: Person): Promise<void> {
  const visitor = visitorOf(baseUrl);
  await visitor.open('/device');
  await visitor.submit('/device', { user_code: userCode });
  await visitor.submit('/device', { confirm: 'yes' });
  await proveAndDecide(visitor, baseUrl, person);
}

import { type PageAnswer, Visitor } from '@latchkey/testkit';

/**
 * A browser without scripts for started servers; each request goes to where `nextUrl` says, `issuer` is where they
 * say that they are.
 */
export function browserFor(nextUrl: () => string, issuer = nextUrl()): Visitor {
  return new Visitor(issuer, async (method, path, headers, body): Promise<PageAnswer> => {
    const answer = await fetch(nextUrl() + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    const cookies = answer.headers.getSetCookie();
    const all = { ...Object.fromEntries(answer.headers), 'set-cookie': cookies };
    return { status: answer.status, headers: all, body: await answer.text() };
  });
}

/** The newest code that a server without SMTP would have mailed. */
export async function codeOf(baseUrl: string, email: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/local/mailbox/${encodeURIComponent(email)}`);
  const { data } = (await answer.json()) as { data: { messages: { code: string }[] } };
  const [newest] = data.messages;
  if (newest === undefined) throw new Error(`no code was mailed to ${email}`);
  return newest.code;
}

let people = 0;

/** An address that nobody used before: it has been mailed no code. */
export function newcomer(): string {
  people += 1;
  return `newcomer-${people}@example.test`;
}

/** Signs in on the page that is shown, and allows. */
export async function signInAndAllow(baseUrl: string, browser: Visitor, email: string): Promise<void> {
  await browser.submit('/email', { email });
  await browser.submit('/code', { code: await codeOf(baseUrl, email) });
  await browser.submit('/consent', { decision: 'allow' });
}

/** Types a user code on the device page, says that the device is theirs, signs in, and allows. */
export async function allowDevice(
  baseUrl: string,
  userCode: string,
  email: string,
  issuer = baseUrl,
): Promise<Visitor> {
  const browser = browserFor(() => baseUrl, issuer);
  await browser.open('/device');
  await browser.submit('/device', { user_code: userCode });
  await browser.submit('/device', { confirm: 'yes' });
  await signInAndAllow(baseUrl, browser, email);
  return browser;
}

/** Who the API says is signed in; the status where it refuses. */
export async function whoIs(baseUrl: string, token: string): Promise<string | number> {
  const answer = await fetch(`${baseUrl}/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) return answer.status;
  return ((await answer.json()) as { data: { email: string } }).data.email;
}

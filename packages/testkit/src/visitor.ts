/** One answer as a browser gets it. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends one request, without following redirects. */
export type SendRequest = (
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
  body?: string,
) => Promise<PageAnswer>;

const maxRedirects = 10;

function decoded(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => named[name] ?? '');
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : decoded(value);
}

/** The action and the hidden fields of the first form whose action ends like this. */
function formIn(page: string, actionEnd: string): { action: string; fields: Record<string, string> } {
  for (const [form] of page.matchAll(/<form\b[\s\S]*?<\/form>/g)) {
    const action = attribute(form, 'action') ?? '';
    if (!action.endsWith(actionEnd)) continue;
    const hidden = [...form.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => tag);
    const fields = hidden.map((tag) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '']);
    return { action, fields: Object.fromEntries(fields) };
  }
  throw new Error(`no form that posts to …${actionEnd} in:\n${page}`);
}

/**
 * A browser without scripts: keeps cookies, follows redirects on the server and stops at one that leaves it. Cookie
 * paths are honoured, since the sign-in pages rely on them.
 */
export class Visitor {
  readonly #send: SendRequest;
  readonly #origin: string;
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();
  page = '';
  status = 0;
  headers: Readonly<Record<string, unknown>> = {};
  /** The path of the page that is shown. */
  path = '';
  /** Where the last redirect led that left the server. */
  leftTo: string | undefined;

  constructor(origin: string, send: SendRequest) {
    this.#origin = origin;
    this.#send = send;
  }

  /** Puts the cookies of another browser into this one, over its own, as somebody who can plant cookies would. */
  takeCookiesOf(other: Visitor): void {
    for (const [name, cookie] of other.#cookies) this.#cookies.set(name, cookie);
  }

  async open(url: string): Promise<void> {
    await this.#go('GET', url);
  }

  /** Fills in and sends the form that posts to a path with this end; hidden fields are sent as they stand. */
  async submit(actionEnd: string, fields: Record<string, string> = {}): Promise<void> {
    const form = formIn(this.page, actionEnd);
    await this.#go('POST', form.action, new URLSearchParams({ ...form.fields, ...fields }).toString());
  }

  /** Sends a form that no page showed. */
  async post(path: string, fields: Record<string, string>): Promise<void> {
    await this.#go('POST', path, new URLSearchParams(fields).toString());
  }

  async #go(method: 'GET' | 'POST', url: string, body?: string): Promise<void> {
    this.leftTo = undefined;
    let next = { method, url: new URL(url, this.#origin), body };
    for (let hops = 0; hops < maxRedirects; hops += 1) {
      const answer = await this.#request(next.method, next.url, next.body);
      const { location } = answer.headers;
      if (typeof location !== 'string') {
        Object.assign(this, { page: answer.body, status: answer.status, headers: answer.headers });
        this.path = next.url.pathname;
        return;
      }
      const to = new URL(location, next.url);
      if (to.origin !== this.#origin) {
        this.leftTo = to.href;
        return;
      }
      next = { method: 'GET', url: to, body: undefined };
    }
    throw new Error('too many redirects');
  }

  async #request(method: 'GET' | 'POST', url: URL, body: string | undefined): Promise<PageAnswer> {
    const mine = [...this.#cookies.values()].filter(({ path }) => url.pathname.startsWith(path));
    const answer = await this.#send(
      method,
      url.pathname + url.search,
      {
        accept: 'text/html',
        ...(mine.length > 0 && { cookie: mine.map(({ name, value }) => `${name}=${value}`).join('; ') }),
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body,
    );
    for (const cookie of [answer.headers['set-cookie'] ?? []].flat()) this.#keep(String(cookie));
    return answer;
  }

  #keep(cookie: string): void {
    const [pair = '', ...rest] = cookie.split('; ');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const path = rest.find((each) => /^path=/i.test(each))?.slice('path='.length) ?? '/';
    const ended = rest.some((each) => /^expires=Thu, 01 Jan 1970/i.test(each));
    if (ended) this.#cookies.delete(`${path} ${name}`);
    else this.#cookies.set(`${path} ${name}`, { name, value, path });
  }
}

import { Agent, request } from 'node:http';

/** A server that can be killed and started again, at another address. */
export interface Killable {
  readonly baseUrl: string;
  kill(): Promise<void>;
}

/** What many callers of one server send, one after the other each. */
export interface Question {
  readonly key: string;
  readonly body: object;
}

function broke(error: unknown): boolean {
  return ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(String((error as { code?: unknown }).code));
}

/** Asks for one verdict over a connection that is kept; rejects where it breaks. */
function ask(agent: Agent, baseUrl: string, { key, body }: Question): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  const sent = request(`${baseUrl}/v1/keys/verify`, { method: 'POST', agent, headers }, (answer) => {
    const parts: string[] = [];
    answer.setEncoding('utf8').on('data', (part: string) => parts.push(part));
    answer.once('error', reject).once('end', () => {
      const { data } = JSON.parse(parts.join('')) as { data?: { code: string } };
      if (data === undefined) reject(new Error(parts.join('')));
      else resolve(data.code);
    });
  });
  sent.once('error', reject).end(text);
  return promise;
}

/** One of several servers, and the callers who use it until they are refused. */
export class Crowd {
  #server: Promise<Killable>;
  readonly #start: () => Promise<Killable>;

  constructor(start: () => Promise<Killable>) {
    this.#start = start;
    this.#server = start();
  }

  async isReady(): Promise<void> {
    await this.#server;
  }

  /** SIGKILL, and a new process in its place. */
  async crash(): Promise<void> {
    const server = await this.#server;
    const started = Promise.withResolvers<Killable>();
    this.#server = started.promise;
    await server.kill();
    await this.#start().then(started.resolve, started.reject);
    await started.promise;
  }

  async stop(): Promise<void> {
    await (await this.#server).kill();
  }

  /** So many callers at once ask until each is refused; a caller whose connection broke asks the next process. */
  async useUp(question: Question, callers: number, onAccepted: () => void): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: callers });
    const all = Array.from({ length: callers }, () => this.#useUntilRefused(agent, question, onAccepted));
    await Promise.all(all);
    agent.destroy();
  }

  async #useUntilRefused(agent: Agent, question: Question, onAccepted: () => void): Promise<void> {
    for (;;) {
      const { baseUrl } = await this.#server;
      try {
        if ((await ask(agent, baseUrl, question)) !== 'VALID') return;
      } catch (error) {
        if (!broke(error)) throw error;
        continue;
      }
      onAccepted();
    }
  }
}

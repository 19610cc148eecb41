import type { Email } from 'postal-mime';

/** A message as a peer received it; `to` is who it was delivered to, not what its header says. */
export interface ReceivedMessage {
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** By lower-case name; the last one wins. */
  readonly headers: Readonly<Record<string, string>>;
  readonly usedTls: boolean;
  /** The name that the sender authenticated with. */
  readonly user: string | undefined;
}

/** What the envelope and the connection say about a message. */
export type Delivery = Pick<ReceivedMessage, 'to' | 'from' | 'usedTls' | 'user'>;

/** Joins a parsed message with its delivery. */
export function receivedMessage(email: Email, delivery: Delivery): ReceivedMessage {
  return {
    ...delivery,
    subject: email.subject ?? '',
    text: email.text ?? '',
    html: email.html ?? '',
    headers: Object.fromEntries(email.headers.map(({ key, value }) => [key, value])),
  };
}

interface Waiter {
  readonly address: string;
  readonly position: number;
  resolve(message: ReceivedMessage): void;
}

const waitMs = 20_000;

/** Received messages in order, and those who wait for one. */
export class Mailbox {
  readonly messages: ReceivedMessage[] = [];
  readonly #handedOut = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();

  add(message: ReceivedMessage): void {
    this.messages.push(message);
    for (const waiter of this.#waiters) {
      const found = this.#messagesTo(waiter.address)[waiter.position];
      if (found === undefined) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(found);
    }
  }

  /**
   * The next message to this address that no earlier call was promised, also when it came before the call.
   * `after` asks for a fixed one instead: the first message after that many. Rejects after 20 seconds.
   */
  async waitFor(address: string, { after }: { readonly after?: number } = {}): Promise<ReceivedMessage> {
    const to = address.toLowerCase();
    const position = after ?? this.#handedOut.get(to) ?? 0;
    this.#handedOut.set(to, Math.max(position + 1, this.#handedOut.get(to) ?? 0));
    return this.#messagesTo(to)[position] ?? (await this.#arrivalOf(to, position));
  }

  /** The six digits in the subject of the next message to this address. */
  async codeFor(address: string): Promise<string> {
    const { subject } = await this.waitFor(address);
    const code = /\b[0-9]{6}\b/.exec(subject)?.[0];
    if (code === undefined) throw new Error(`no 6-digit code in the subject: ${subject}`);
    return code;
  }

  #messagesTo(address: string): ReceivedMessage[] {
    return this.messages.filter((message) => message.to.some((to) => to.toLowerCase() === address));
  }

  async #arrivalOf(address: string, position: number): Promise<ReceivedMessage> {
    return await new Promise((resolve, reject) => {
      const waiter: Waiter = {
        address,
        position,
        resolve(message) {
          clearTimeout(timer);
          resolve(message);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const others = this.messages.flatMap((message) => message.to).join(', ');
        reject(new Error(`no mail to ${address} within ${waitMs} ms; mail came to: ${others || 'nobody'}`));
      }, waitMs);
      this.#waiters.add(waiter);
    });
  }
}

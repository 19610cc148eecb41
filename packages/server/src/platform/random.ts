import { randomBytes, randomInt, randomUUIDv7 } from 'node:crypto';

/** Where identifiers, codes and secrets come from; every one is from a cryptographic source. */
export interface Random {
  bytes(size: number): Uint8Array;
  /** UUIDv7: unique, and in order of creation by the millisecond; within one the order is random. */
  uuid(): string;
  /** Letters and digits without bias. */
  alphanumeric(length: number): string;
  /** Decimal digits without bias, leading zeros kept. */
  digits(length: number): string;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export const systemRandom: Random = {
  bytes: (size) => randomBytes(size),
  uuid: () => randomUUIDv7(),
  alphanumeric: (length) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(''),
  digits: (length) =>
    randomInt(10 ** length)
      .toString()
      .padStart(length, '0'),
};

import { requestsPerSecond } from './load.ts';
import { getRequest, postRequest } from './requests.ts';
import type { Variant } from './rounds.ts';

/** One slice of requests to one server. */
export interface Slice {
  readonly name: string;
  readonly port: number;
  readonly connections: number;
  /** How many are sent. */
  readonly count: number;
  /** What is sent, in turns. */
  readonly requests: readonly Buffer[];
}

/** Measures how many requests a server answers per second. */
export function slice({ name, count, requests, ...load }: Slice): Variant {
  const all = Array.from({ length: count }, (_, index) => requests[index % requests.length] as Buffer);
  return { measure: async () => ({ [name]: await requestsPerSecond({ ...load, requests: all }) }) };
}

/** Measures what a program did by itself per second of its processor time, as it says at this path. */
export function inProcess(name: string, port: number, path = '/in-process'): Variant {
  const request = postRequest(path, {}, {});
  return {
    async measure() {
      const { perSecond } = bodyOf<{ perSecond: number }>(await answerTo(port, request));
      return { [name]: perSecond };
    },
  };
}

/** The answer to one request: head and body. */
export async function answerTo(port: number, request: Buffer): Promise<string> {
  let answered = '';
  const onAnswer = (answer: string) => {
    answered = answer;
  };
  await requestsPerSecond({ port, connections: 1, requests: [request], onAnswer });
  return answered;
}

/** The JSON in an answer. */
export function bodyOf<Value>(answer: string): Value {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
}

/** Gets JSON from a server of the bench. */
export async function getJson<Value>(port: number, path: string): Promise<Value> {
  return bodyOf<Value>(await answerTo(port, getRequest(path)));
}

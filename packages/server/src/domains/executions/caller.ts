import type { CallerMethod } from '@latchkey/protocol';

/** Who started an execution, and how they proved it; ids only. */
export interface ExecutionCaller {
  readonly method: CallerMethod;
  /** None for a signature. */
  readonly keyId: string | null;
  readonly signingSecretId: string | null;
  readonly userId: string | null;
}

/** As it is kept with the execution. */
export function encodeCaller(caller: ExecutionCaller): string {
  return JSON.stringify(caller);
}

export function decodeCaller(text: string): ExecutionCaller {
  return JSON.parse(text) as ExecutionCaller;
}

import type { Client } from './clients.ts';

/** What the agent cannot know or do by itself. */
export interface Person {
  /** Reads the code that was just sent. */
  readCode(): Promise<string>;
  /** Picks one of several organizations. */
  pick(organizations: readonly { readonly id: string; readonly name: string }[]): string;
  /** Waits as long as the server asks for. */
  wait(seconds: number): Promise<void>;
}

/** How it went: every command that was run with what it answered, and the organization of the new key. */
export interface RecipeResult {
  readonly steps: readonly string[];
  readonly organizationName: string | undefined;
}

interface Answer {
  readonly success: boolean;
  readonly data?: { readonly organizationName?: string };
  readonly error?: {
    readonly code: string;
    readonly details?: {
      readonly retryInSeconds?: number;
      readonly organizations?: readonly { readonly id: string; readonly name: string }[];
    };
  };
}

type Step = 'signup-request' | 'signup-complete' | 'login-request' | 'login-complete';

const patience = 12;
const reprompt = ['OTP_INVALID'];
const requestAgain = [
  'OTP_NOT_FOUND',
  'OTP_EXPIRED',
  'OTP_ALREADY_USED',
  'OTP_PURPOSE_MISMATCH',
  'OTP_LOCKED_OUT',
];

/** Where the recipe goes on after an error; undefined where it surfaces the error and stops. */
function after(step: Step, code: string): Step | undefined {
  const [flow, part] = step.split('-') as ['signup' | 'login', 'request' | 'complete'];
  if (code === 'OTP_RESEND_COOLDOWN') return step;
  if (part === 'complete' && reprompt.includes(code)) return step;
  if (part === 'complete' && requestAgain.includes(code)) return `${flow}-request`;
  if (flow === 'signup' && code === 'USER_ALREADY_HAS_ORGANIZATION') return 'login-request';
  if (flow === 'login' && (code === 'USER_NOT_FOUND' || code === 'USER_HAS_NO_ORGANIZATION'))
    return 'signup-request';
  const choose = code === 'MULTIPLE_ORGANIZATIONS' || code === 'ORGANIZATION_NOT_MEMBER';
  return step === 'login-complete' && choose ? step : undefined;
}

/**
 * The recipe for agents of the emailed-code page, as a program: sign up optimistically, log in where there is an
 * account already, let the person pick among organizations. Ends with a saved key, or with the error to surface.
 */
export async function obtainKey(
  client: Client,
  email: string,
  person: Person,
  start: Step = 'signup-request',
): Promise<RecipeResult> {
  const steps: string[] = [];
  let step: Step = start;
  let code = '';
  let picked: string[] = [];
  while (steps.length < patience) {
    const isCompletion = step.endsWith('complete');
    const args = ['auth', step, '--email', email, ...(isCompletion ? ['--code', code, ...picked] : [])];
    const { body } = await client.json<Answer>(args);
    steps.push(body.success ? step : `${step} ${body.error?.code}`);
    if (body.success && isCompletion) return { steps, organizationName: body.data?.organizationName };
    if (body.success) {
      step = step === 'signup-request' ? 'signup-complete' : 'login-complete';
      code = await person.readCode();
      continue;
    }
    const { code: refusal = '', details } = body.error ?? {};
    const next = after(step, refusal);
    if (next === undefined) break;
    if (details?.retryInSeconds !== undefined) await person.wait(details.retryInSeconds);
    if (details?.organizations) picked = ['--organization-id', person.pick(details.organizations)];
    if (reprompt.includes(refusal)) code = await person.readCode();
    step = next;
  }
  return { steps, organizationName: undefined };
}

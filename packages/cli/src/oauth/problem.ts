/** Why nobody is signed in, in words for the person; never with a token or a code in them. */
export class SignInProblem extends Error {
  override readonly name = 'SignInProblem';
  readonly code: string;
  readonly nextAction: string | undefined;

  constructor(code: string, message: string, nextAction?: string) {
    super(message);
    this.code = code;
    this.nextAction = nextAction;
  }
}

/** The person did not get there in time; the texts are those of contract/culvii.md E.2. */
export function timedOut(): SignInProblem {
  return new SignInProblem('sign-in-timed-out', 'Authentication timed out, try again');
}

/** The person said no; the text is that of contract/culvii.md E.2. */
export function accessDenied(): SignInProblem {
  const next = 'Nothing was changed. If it was denied by mistake, run: latchkey login';
  return new SignInProblem('access-denied', 'Access denied.', next);
}

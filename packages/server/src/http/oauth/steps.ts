import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyReply } from 'fastify';
import { normalizeEmail } from '../../domains/accounts/index.ts';
import {
  allow,
  clientNameOf,
  describeConsent,
  type OauthDeps,
  requestSignInCode,
  signInVouched,
  signInWithCode,
  type Upstream,
} from '../../domains/oauth/index.ts';
import type { LocalMailbox } from '../../platform/local-mailbox.ts';
import { toLatchkeyError } from '../answers.ts';
import { callerOf } from '../caller.ts';
import { mailboxPath } from '../local-mailbox.ts';
import { formTokenFor } from './forms.ts';
import { sendPage } from './layout.ts';
import { basePathOf } from './mount.ts';
import { problemText } from './problem-texts.ts';
import {
  codePage,
  consentPage,
  emailPage,
  invitationPage,
  joinField,
  type SignInPage,
  vouchedPage,
} from './sign-in-pages.ts';
import { record, refusalOf, type SignIn, signInOf, type Visit } from './visit.ts';

/** What the steps of a sign-in work with. */
export interface StepDeps extends OauthDeps {
  readonly upstreamProvider: Upstream | undefined;
  /** Where codes are that nobody mails. */
  readonly localMailbox: LocalMailbox | undefined;
}

/** What a page is shown with after something went wrong on it. */
interface Shown {
  readonly problem?: string;
  /** The address as it was typed; asks for it again. */
  readonly email?: string;
}

/** The path of the page of a sign-in. */
export function pathOf({ publicUrl }: Pick<OauthDeps, 'publicUrl'>, uid: string): string {
  return `${basePathOf(publicUrl())}/oauth/interaction/${uid}`;
}

async function signInPage(deps: StepDeps, visit: Visit, at: SignInPage, email?: string): Promise<string> {
  const signIn = signInOf(visit.interaction);
  const host = deps.upstreamProvider?.host;
  if (signIn !== undefined && email === undefined) {
    return signIn.vouched && host !== undefined
      ? vouchedPage(at, signIn.email, host)
      : codePage(at, signIn.email, deps.localMailbox && mailboxPath(at.basePath, signIn.email));
  }
  const hint = visit.interaction.params.login_hint;
  const filled = email ?? (typeof hint === 'string' ? hint : undefined);
  return emailPage(at, { email: filled, upstreamHost: host });
}

/** Shows the page that a sign-in has come to. */
export async function show(
  deps: StepDeps,
  visit: Visit,
  { problem, email }: Shown = {},
): Promise<FastifyReply> {
  const { reply, provider, interaction } = visit;
  const at: SignInPage = {
    basePath: basePathOf(deps.publicUrl()),
    action: pathOf(deps, interaction.uid),
    token: formTokenFor(deps.secrets, interaction.uid),
    clientName: await clientNameOf(provider, interaction),
    problem: problem ?? signInOf(interaction)?.problem ?? refusalOf(interaction),
  };
  const redirectUri = interaction.params.redirect_uri;
  if (interaction.prompt.name !== 'consent') {
    return sendPage(reply, await signInPage(deps, visit, at, email), redirectUri);
  }
  const request = await describeConsent(deps, provider, interaction);
  if (request === undefined) throw new LatchkeyError('USER_NOT_FOUND');
  const isInvited = request.isDashboard && request.person.invitations.length > 0;
  const body = isInvited ? invitationPage(at, request.person) : consentPage(at, request);
  return sendPage(reply, body, redirectUri);
}

/** Keeps how far somebody has come, and shows the page anew, so that reloading it sends nothing again. */
async function remember(deps: StepDeps, visit: Visit, signIn: SignIn | undefined): Promise<FastifyReply> {
  await record(visit, { signIn });
  return visit.reply.redirect(pathOf(deps, visit.interaction.uid), 303);
}

async function finishSignIn(visit: Visit, userId: string, method: string): Promise<FastifyReply> {
  const login = { accountId: userId, remember: false, amr: [method] };
  return visit.reply.redirect(await record(visit, { login }), 303);
}

async function deny(visit: Visit): Promise<FastifyReply> {
  const result = { error: 'access_denied', error_description: 'The person denied it.' };
  return visit.reply.redirect(await record(visit, result), 303);
}

/** What a person is told of an error; throws what they are not. */
function refusalOfStep({ request }: Visit, thrown: unknown): { status: number; problem: string } {
  const error = toLatchkeyError(thrown);
  if (error.code === 'INTERNAL') throw error;
  request.outcome = error.code;
  return { status: error.status, problem: problemText(error) };
}

async function refuseAddress(
  deps: StepDeps,
  visit: Visit,
  email: string,
  thrown: unknown,
): Promise<FastifyReply> {
  const { status, problem } = refusalOfStep(visit, thrown);
  visit.reply.code(status);
  return show(deps, visit, { problem, email });
}

async function askCode(deps: StepDeps, visit: Visit): Promise<FastifyReply> {
  const email = visit.form.email ?? '';
  try {
    return await remember(deps, visit, {
      email: await requestSignInCode(deps, email, callerOf(visit.request)),
    });
  } catch (thrown) {
    const cooling = thrown instanceof LatchkeyError && thrown.code === 'OTP_RESEND_COOLDOWN';
    // The code before this one is still good, so the way on is the page that takes it.
    if (cooling) return remember(deps, visit, { email: normalizeEmail(email) });
    return refuseAddress(deps, visit, email, thrown);
  }
}

/** Says on the page itself what was wrong with a code: whoever loads that anew spends no further attempt. */
async function refuseCode(
  deps: StepDeps,
  visit: Visit,
  { email }: SignIn,
  thrown: unknown,
): Promise<FastifyReply> {
  const { problem } = refusalOfStep(visit, thrown);
  return remember(deps, visit, { email, problem });
}

async function takeCode(deps: StepDeps, visit: Visit): Promise<FastifyReply> {
  const signIn = signInOf(visit.interaction);
  if (signIn === undefined) return show(deps, visit);
  try {
    const code = (visit.form.code ?? '').replace(/\s/g, '');
    const user = await signInWithCode(deps, signIn.email, code, callerOf(visit.request));
    return await finishSignIn(visit, user.id, 'otp');
  } catch (thrown) {
    return refuseCode(deps, visit, signIn, thrown);
  }
}

async function takeVouched(deps: StepDeps, visit: Visit): Promise<FastifyReply> {
  const signIn = signInOf(visit.interaction);
  if (!signIn?.vouched) return show(deps, visit);
  return finishSignIn(visit, (await signInVouched(deps, signIn.email, callerOf(visit.request))).id, 'fed');
}

async function decide(deps: StepDeps, visit: Visit): Promise<FastifyReply> {
  if (visit.form.decision === 'deny') return deny(visit);
  if (visit.form.decision !== 'allow') return show(deps, visit);
  const { provider, interaction, form } = visit;
  const grantId = await allow(
    deps,
    provider,
    interaction,
    (id) => form[joinField(id)] === 'yes',
    callerOf(visit.request),
  );
  return visit.reply.redirect(await record(visit, { consent: { grantId } }, { merge: true }), 303);
}

/** One thing that a person can do on a page; `prompt` is what the page must be asking. */
export interface Step {
  readonly prompt?: 'login' | 'consent';
  take(deps: StepDeps, visit: Visit): Promise<FastifyReply>;
}

/** Everything that a form on the pages can do, by the last part of its path. */
export const steps: Readonly<Record<string, Step>> = {
  email: { prompt: 'login', take: askCode },
  code: { prompt: 'login', take: takeCode },
  restart: { prompt: 'login', take: (deps, visit) => remember(deps, visit, undefined) },
  vouched: { prompt: 'login', take: takeVouched },
  consent: { prompt: 'consent', take: decide },
  cancel: { take: (_deps, visit) => deny(visit) },
};

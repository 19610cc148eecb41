import type { FastifyReply, FastifyRequest } from 'fastify';
import type { createOauthServer } from '../../domains/oauth/index.ts';
import type { FormFields } from './forms.ts';

/** Where the authorization server comes from. */
export type OauthServer = ReturnType<typeof createOauthServer>;
/** The authorization server itself. */
export type Provider = Awaited<ReturnType<OauthServer>>;
/** A sign-in that is under way. */
export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;
/** What the routes of a sign-in get. */
export interface VisitRoute {
  readonly Params: { uid: string };
  readonly Body: FormFields | undefined;
}

/** How far somebody has come on the sign-in page; kept sealed with the sign-in, not in the browser. */
export interface SignIn {
  readonly email: string;
  /** The upstream provider says that the address is theirs. */
  readonly vouched?: true;
  /** What was wrong with the last code, as the page says it. */
  readonly problem?: string;
}

/** One request to the page of a sign-in that the browser's cookie belongs to. */
export interface Visit {
  readonly request: FastifyRequest<VisitRoute>;
  readonly reply: FastifyReply;
  readonly provider: Provider;
  readonly interaction: Interaction;
  readonly form: FormFields;
}

/** How far the sign-in has come; nothing at its start, and after the upstream provider refused. */
export function signInOf({ result }: Interaction): SignIn | undefined {
  const signIn = result?.signIn as SignIn | { refused: string } | undefined;
  return signIn !== undefined && 'email' in signIn ? signIn : undefined;
}

/** Why the upstream provider did not vouch for anybody. */
export function refusalOf({ result }: Interaction): string | undefined {
  const signIn = result?.signIn as SignIn | { refused: string } | undefined;
  return signIn !== undefined && 'refused' in signIn ? signIn.refused : undefined;
}

/** Finds the sign-in that the cookie of this browser belongs to; nothing when it is over or another's. */
export async function visitOf(
  server: OauthServer,
  request: FastifyRequest<VisitRoute>,
  reply: FastifyReply,
): Promise<Visit | undefined> {
  const provider = await server();
  try {
    const interaction = await provider.interactionDetails(request.raw, reply.raw);
    if (interaction.uid !== request.params.uid) return undefined;
    return { request, reply, provider, interaction, form: request.body ?? {} };
  } catch (error) {
    if ((error as Error).name === 'SessionNotFound') return undefined;
    throw error;
  }
}

/** Writes down what a step came to; answers where the library goes on from there. */
export async function record(
  { request, reply, provider }: Visit,
  result: Interaction['result'],
  { merge = false } = {},
): Promise<string> {
  return provider.interactionResult(request.raw, reply.raw, result ?? {}, { mergeWithLastSubmission: merge });
}

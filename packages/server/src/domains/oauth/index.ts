export type { PendingInvitation } from '../members/index.ts';
export { allow, type ConsentRequest, clientNameOf, describeConsent } from './consent.ts';
export type { IntrospectionClient, OauthDeps, UpstreamSettings } from './deps.ts';
export {
  apiScope,
  cliClientId,
  dashboardCallbackPath,
  dashboardClientId,
  dashboardSessionSeconds,
  scopeMeanings,
} from './oauth.rules.ts';
export type { OauthPages, UserCodeProblem, WaitingDevice } from './pages.ts';
export { createOauthServer } from './server.ts';
export { createSessions } from './session.ts';
export { type Person, requestSignInCode, signInVouched, signInWithCode } from './sign-in.ts';
export { sweepOauth } from './sweep.ts';
export { createUpstream, type Upstream, UpstreamRefused } from './upstream.ts';

export { type ConsentRequest, clientNameOf, describeConsent, grantConsent } from './consent.ts';
export type { IntrospectionClient, OauthDeps, UpstreamSettings } from './deps.ts';
export { apiScope, cliClientId, scopeMeanings } from './oauth.rules.ts';
export type { OauthPages, UserCodeProblem, WaitingDevice } from './pages.ts';
export { createOauthServer } from './server.ts';
export { createSessions, revokeSession } from './session.ts';
export { findPerson, type Person, requestSignInCode, signInWithCode } from './sign-in.ts';
export { sweepOauth } from './sweep.ts';
export { createUpstream, type Upstream, UpstreamRefused } from './upstream.ts';

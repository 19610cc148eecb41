export type { VerificationDeps } from './deps.ts';
export {
  type Admission,
  createForwardAuth,
  type ForwardAuth,
  type ForwardAuthDeps,
  misconfigured,
} from './forward-auth.ts';
export { type Introspection, type IntrospectionDeps, introspect } from './introspect.ts';
export { shownVerdict, verdictText } from './shown.ts';
export { type Asked, type Verdict, verify } from './verify.ts';
export { verifyMany } from './verify-many.ts';

export { completeLogin } from './complete-login.ts';
export { completeSignup } from './complete-signup.ts';
export type { Caller, OtpDeps } from './deps.ts';
export { requestsPerAddress, requestsPerEmail, wrongCodesPerEmail } from './otp.rules.ts';
export { type ProvenCode, proveCode, useUp } from './redeem.ts';
export { requestCode } from './request.ts';
export { sweepEnded } from './sweep.ts';

export { checkTargetUrl } from './check-target-url.ts';
export { createHttpEngine } from './http-engine.ts';
export { createTargetPolicy, isAllowedTarget, type TargetPolicy } from './target-policy.ts';

export { checkTargetUrl } from './check-target-url.ts';
export { createTargetPolicy, isAllowedTarget, type TargetPolicy } from './target-policy.ts';

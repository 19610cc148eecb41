export { createEnvironmentKey } from './create.ts';
export { maxActiveKeys } from './environment-keys.rules.ts';
export { listEnvironmentKeys } from './list.ts';
export { revokeEnvironmentKey } from './revoke.ts';
export { rotateEnvironmentKey } from './rotate.ts';
export { sweepRotated } from './sweep.ts';
export { disableEnvironmentKey, enableEnvironmentKey } from './switch.ts';
export { updateEnvironmentKey } from './update.ts';
export { whoamiOfEnvironment } from './whoami.ts';

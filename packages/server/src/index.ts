export { adminCreateKey } from './admin-create-key.ts';
export { createApp } from './app.ts';
export { createDeps, type Deps, type Overrides } from './deps.ts';
export { createByOperator } from './domains/keys/index.ts';
export { createLogger } from './platform/logger.ts';
export { SettingsError } from './platform/settings-error.ts';
export { serve } from './serve.ts';
export { readSettings, type Settings } from './settings.ts';

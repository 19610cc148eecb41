export { getOrganization } from './get.ts';
export { type ServerDeps, type ShownSetting, settingsOf } from './settings.ts';
export { updateOrganization } from './update.ts';

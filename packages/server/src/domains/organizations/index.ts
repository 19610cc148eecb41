export { getOrganization } from './get.ts';
export { updateOrganization } from './update.ts';

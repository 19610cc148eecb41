export { activityOfKey, activityOfOrganization } from './activity.ts';
export { listKeyInventory } from './list.ts';

export { requireInstance } from './access.ts';
export { createInstance } from './create.ts';
export type { InstanceDeps } from './deps.ts';
export {
  type Door,
  type DoorSigningSecret,
  type DoorWorkflow,
  loadDoor,
  signingSecretPurpose,
} from './door.ts';
export { getInstance } from './get.ts';
export { compileInputSchema } from './input-schema.ts';
export { type InstanceRow, organizationOfInstance } from './instances.sql.ts';
export { listInstances } from './list.ts';

export { holdManaged, requireInstance } from './access.ts';
export { archiveInstance } from './archive.ts';
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
export {
  changeInstance,
  type InstanceRow,
  isSeenBy,
  noteExecuted,
  organizationOfInstance,
} from './instances.sql.ts';
export { listInstances } from './list.ts';
export { regenerateKey } from './regenerate-key.ts';
export { revealKey } from './reveal-key.ts';
export { refuseArchived } from './state.ts';
export { activateInstance, deactivateInstance } from './switch.ts';
export { updateInstance } from './update.ts';
export { findWorkflow } from './workflows.sql.ts';

export { addSigningSecret } from './add.ts';
export { listSigningSecrets } from './list.ts';
export { retireSigningSecret } from './retire.ts';
export { labelSigningSecret } from './update.ts';

export { addSigningSecret } from './add.ts';
export { listSigningSecrets } from './list.ts';
export { retireSigningSecret } from './retire.ts';
export { testSigningSecrets } from './try-out.ts';
export { labelSigningSecret } from './update.ts';

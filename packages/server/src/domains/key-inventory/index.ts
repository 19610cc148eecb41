export { listKeyInventory } from './list.ts';

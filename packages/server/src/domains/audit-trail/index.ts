export { exportChain } from './export.ts';
export { listEvents } from './list.ts';

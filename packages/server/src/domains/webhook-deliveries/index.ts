export { createDeliveries, type Deliveries, type Delivery } from './deliveries.ts';
export { listDeliveries } from './list.ts';

export { countOne, deleteEnded, type Limit, uncountOne } from './limits.sql.ts';
export { refuseIfSpent, spend } from './spend.ts';

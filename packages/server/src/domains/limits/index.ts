export { countOne, deleteEnded, type Limit, uncountOne, windowOf } from './limits.sql.ts';
export { deleteRolledOver } from './rolling.sql.ts';
export { refuseIfRollingSpent, spend, spendRolling } from './spend.ts';
export { createSpentLimits, type SpentLimits } from './spent-limits.ts';

export { refusalsOfKey, type Uses, usesInOrganization, usesOfKey } from './key-activity.sql.ts';
export { createKeyActivity, type KeyActivity } from './key-activity.ts';
export { isRefusal, noteRefusal, refusalOf, type UsedFrom } from './refused-use.ts';
export { sweepActivity } from './sweep.ts';
export { type CountedKey, countedKey, type Refusal } from './tally.ts';

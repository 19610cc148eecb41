export { endAllSessions, endSession } from './end.ts';
export { listSessions } from './list.ts';
export { me } from './me.ts';

import { readExecution, refuse } from '#lib/server/latchkey.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params }) => {
  if (!/^[\w-]{1,64}$/.test(params.executionId)) {
    return refuse(400, 'INVALID_REQUEST', 'This is not the id of an execution.');
  }
  return await readExecution(params.executionId);
};

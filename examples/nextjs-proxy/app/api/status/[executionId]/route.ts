import { readExecution, refuse } from '../../../../lib/latchkey.ts';

export async function GET(
  _request: Request,
  { params }: RouteContext<'/api/status/[executionId]'>,
): Promise<Response> {
  const { executionId } = await params;
  if (!/^[\w-]{1,64}$/.test(executionId)) {
    return refuse(400, 'INVALID_REQUEST', 'This is not the id of an execution.');
  }
  return await readExecution(executionId);
}

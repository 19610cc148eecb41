import type { Output } from '@latchkey/protocol';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { questionOf } from '../api.ts';

type Shown = Output<'executions.get'>;

/** An execution, whole. */
export type Execution = Shown['execution'];

const lookAgainMs = 1_000;

/** An execution, looked at again while the page can be seen, until it has ended. */
export function useExecution(processInstanceId: string, executionId: string): UseQueryResult<Shown> {
  const input = { processInstanceId, executionId };
  return useQuery({
    ...questionOf('executions.get', input),
    refetchInterval: ({ state }) => (state.data?.execution.status === 'pending' ? lookAgainMs : false),
  });
}

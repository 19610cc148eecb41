import type { Output } from '@latchkey/protocol';
import { StateBadge, type Tone } from './state-badge.tsx';

/** How far an execution is. */
export type ExecutionStatus = Output<'executions.get'>['execution']['status'];

const looks: Readonly<Record<ExecutionStatus, { tone: Tone; label: string }>> = {
  pending: { tone: 'pending', label: 'Running' },
  success: { tone: 'good', label: 'Succeeded' },
  failed: { tone: 'bad', label: 'Failed' },
};

/** The status of an execution as people read it. */
export function statusName(status: ExecutionStatus): string {
  return looks[status].label;
}

/** Said in words, with a colour beside. */
export function ExecutionState({ status }: { status: ExecutionStatus }) {
  return <StateBadge {...looks[status]} />;
}

import { StateBadge } from '../../components/state-badge.tsx';

/** Whether an instance can be triggered. */
export function InstanceState({ isActive, archived }: { isActive: boolean; archived: boolean }) {
  if (archived) return <StateBadge tone="over" label="Archived" />;
  return isActive ? <StateBadge tone="good" label="Active" /> : <StateBadge tone="warning" label="Paused" />;
}

/** What members see of instances who are neither owners nor admins. */
export const seenInstances =
  'You see the instances that you made, and those that are shared with everyone here. There may be others: owners and admins see all of them, and can share one.';

/** What members see of executions who are neither owners nor admins. */
export const seenExecutions =
  'You see the executions of the instances that you made, and of those that are shared with everyone here. There may be others: owners and admins see all of them, and can share an instance.';

/** What members see of keys who are neither owners nor admins. */
export const seenKeys =
  'You see the environment keys, and your own keys. There may be others: owners and admins see all of them.';

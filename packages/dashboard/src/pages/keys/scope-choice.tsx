import { type Scope, scopes as scopeInfo } from '@latchkey/protocol/permissions';
import { Checkbox, Stack } from '@mantine/core';

/** In plain words what the names of the scopes take for granted. */
const explained: Readonly<Partial<Record<Scope, string>>> = {
  'deploy:use-case': 'A use case is a process that is deployed: its workflows and their documents.',
  'projects:create': 'A project holds the instances of one piece of work.',
  'projects:read': 'A project holds the instances of one piece of work.',
  'workflows:trigger': 'Starts a workflow at its URL, and asks what became of it.',
  'executions:read': 'An execution is one run of a workflow, with what was sent and answered.',
  'instances:read': 'An instance puts workflows behind URLs in one environment.',
  'instances:manage': 'An instance puts workflows behind URLs in one environment.',
  'skills:read': 'A skill document tells an agent how a workflow is used.',
  'integrations:manage': 'An integration is a connection to a service outside, which workflows use.',
  'api-keys:manage': 'Whoever has it can make, change and revoke keys: give it to few.',
  'keys:verify': 'For an API of yours: asks whether a key that it was shown is good.',
};

/** Which of the scopes a key has, each with what it allows. What the key holds already may stay, whoever asks. */
export function ScopeChoice({
  offered,
  value,
  onChange,
}: {
  offered: readonly Scope[];
  value: string[];
  onChange: (value: string[]) => void;
}) {
  return (
    <Checkbox.Group
      label="What it may do"
      description="At least one; the fewer, the less can go wrong"
      value={value}
      onChange={onChange}
    >
      <Stack gap="xs" mt="xs">
        {offered.map((scope) => (
          <Checkbox
            key={scope}
            value={scope}
            label={scopeInfo[scope].description}
            description={`${explained[scope] ?? ''} (${scope})`.trim()}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

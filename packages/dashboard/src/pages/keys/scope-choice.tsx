import { type Scope, scopes as scopeInfo } from '@latchkey/protocol/permissions';
import { Checkbox, Stack } from '@mantine/core';

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
          <Checkbox key={scope} value={scope} label={scopeInfo[scope].description} description={scope} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

import { isAtLeast, type Level, levels, scopes, scopesOfLevel } from '@latchkey/protocol/permissions';
import { List, NativeSelect, Stack, Text } from '@mantine/core';

const labels: Readonly<Record<Level, string>> = {
  'read-only': 'Read only',
  runner: 'Runner',
  developer: 'Developer',
  admin: 'Admin',
};

/** How much an environment key may, and what that is. */
export function LevelChoice({
  greatest,
  value,
  onChange,
}: {
  greatest: Level;
  value: Level;
  onChange: (value: Level) => void;
}) {
  const data = levels
    .filter((each) => isAtLeast(greatest, each))
    .map((each) => ({ value: each, label: labels[each] }));
  return (
    <Stack gap="xs">
      <NativeSelect
        label="Level"
        description="Each contains all of the one before it"
        data={data}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as Level)}
      />
      <Text size="sm">
        It is for the operations of its environment, and for your own APIs, which ask Latchkey what it may.
        They are told:
      </Text>
      <List size="sm" aria-label={`What an API is told that ${labels[value]} may do`}>
        {scopesOfLevel(value).map((scope) => (
          <List.Item key={scope}>{scopes[scope].description}</List.Item>
        ))}
      </List>
      <Text size="sm">
        Latchkey itself lets no environment key trigger its workflows, whatever its level: use an organization
        key, or the key of the instance.
      </Text>
    </Stack>
  );
}

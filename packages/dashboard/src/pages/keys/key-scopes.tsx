import { isScope, scopes as scopeInfo, scopesOfLevel } from '@latchkey/protocol/permissions';
import { Code, List, Text } from '@mantine/core';
import type { InventoryKey } from './key-state.tsx';

/** What a key may do, each with what that is. */
export function KeyScopes({ item }: { item: InventoryKey }) {
  const { scopes, level, instance } = item;
  if (instance !== null) return <Text>It triggers the workflows of {instance.title}, and nothing else.</Text>;
  const held = level === null ? (scopes ?? []) : scopesOfLevel(level);
  if (held.length === 0) return <Text>Nothing yet.</Text>;
  return (
    <>
      {level !== null && (
        <Text>
          What an API that verifies it is told, by its level {level}. It triggers no workflow of Latchkey.
        </Text>
      )}
      <List>
        {held.map((scope) => (
          <List.Item key={scope}>
            {isScope(scope) ? scopeInfo[scope].description : 'Known to another version of Latchkey'}{' '}
            <Code>{scope}</Code>
          </List.Item>
        ))}
      </List>
    </>
  );
}

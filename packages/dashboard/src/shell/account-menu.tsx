import type { Output } from '@latchkey/protocol';
import { Button, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../api.ts';
import { SignOutEverywhere } from './sign-out-everywhere.tsx';

const schemes = [
  ['auto', 'As the system has it'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Who is signed in, where else they belong, and the way out. */
export function AccountMenu({ me, organizationId }: { me: Output<'sessions.me'>; organizationId: string }) {
  const end = useAct('sessions.end');
  const [isEndingAll, setIsEndingAll] = useState(false);
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const others = me.organizations.filter(({ id }) => id !== organizationId);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="subtle" color="gray" maw={260}>
            <Text truncate>{me.email}</Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {others.length > 0 && <Menu.Label>Go to</Menu.Label>}
          {others.map(({ id, name }) => (
            <Menu.Item
              key={id}
              onClick={() => void navigate({ to: '/o/$organizationId', params: { organizationId: id } })}
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Label>Colours</Menu.Label>
          {schemes.map(([scheme, label]) => (
            <Menu.Item
              key={scheme}
              onClick={() => setColorScheme(scheme)}
              aria-current={colorScheme === scheme}
              leftSection={colorScheme === scheme ? '✓' : ' '}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => end.mutate({})}>Sign out</Menu.Item>
          <Menu.Item onClick={() => setIsEndingAll(true)}>Sign out everywhere…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isEndingAll && <SignOutEverywhere email={me.email} onClose={() => setIsEndingAll(false)} />}
    </>
  );
}

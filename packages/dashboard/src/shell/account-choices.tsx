import type { Output } from '@latchkey/protocol';
import { Menu, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useOpenedMenu } from '../components/use-opened-menu.ts';
import { useSignOut } from '../components/use-sign-out.ts';
import { AccountButton } from './account-button.tsx';
import { SignOutEverywhere } from './sign-out-everywhere.tsx';

const schemes = [
  ['auto', 'As the system has it'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Where else the person belongs, how the pages look, and the way out; open from the start. */
export function AccountChoices({
  me,
  organizationId,
}: {
  me: Output<'sessions.me'>;
  organizationId: string;
}) {
  const { isOpen, setIsOpen, button } = useOpenedMenu();
  const { signOut } = useSignOut('here');
  const [isEndingAll, setIsEndingAll] = useState(false);
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const others = me.organizations.filter(({ id }) => id !== organizationId);
  return (
    <>
      <Menu position="bottom-end" withinPortal opened={isOpen} onChange={setIsOpen}>
        <Menu.Target>
          <AccountButton email={me.email} ref={button} />
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
          <Menu.Item onClick={signOut}>Sign out</Menu.Item>
          <Menu.Item onClick={() => setIsEndingAll(true)}>Sign out everywhere…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isEndingAll && <SignOutEverywhere email={me.email} onClose={() => setIsEndingAll(false)} />}
    </>
  );
}

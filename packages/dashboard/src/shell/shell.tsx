import { AppShell, Burger, Group, NavLink, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useAsked } from '../api.ts';
import { AccountMenu } from './account-menu.tsx';

const places = [
  { to: '/o/$organizationId', label: 'Home' },
  { to: '/o/$organizationId/keys', label: 'Keys' },
] as const;

/** What stands around every page of an organization. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { organizationId } = useParams({ from: '/o/$organizationId' });
  const { pathname } = useLocation();
  const me = useAsked('sessions.me', {});
  const organization = me.data?.organizations.find(({ id }) => id === organizationId);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
          <Title order={2} size="h4">
            Latchkey
          </Title>
          <Text truncate flex={1}>
            {organization?.name}
          </Text>
          {me.data !== undefined && <AccountMenu me={me.data} organizationId={organizationId} />}
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        {places.map(({ to, label }) => {
          const path = to.replace('$organizationId', organizationId);
          return (
            <NavLink
              key={to}
              label={label}
              component={Link}
              to={path}
              activeOptions={{ exact: true }}
              active={pathname.replace(/\/$/, '') === path}
              onClick={close}
            />
          );
        })}
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useAsked } from '../api.ts';
import { AccountMenu } from './account-menu.tsx';
import { NotFound } from './not-found.tsx';
import { contentId, SkipLink } from './skip-link.tsx';

const places = [
  { to: '/o/$organizationId', label: 'Home' },
  { to: '/o/$organizationId/keys', label: 'Keys' },
  { to: '/o/$organizationId/instances', label: 'Instances' },
  { to: '/o/$organizationId/executions', label: 'Executions' },
  { to: '/o/$organizationId/members', label: 'Members' },
  { to: '/o/$organizationId/audit', label: 'Audit' },
  { to: '/o/$organizationId/settings', label: 'Settings' },
] as const;

/** What stands around every page of an organization. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { organizationId } = useParams({ from: '/o/$organizationId' });
  const pathname = useLocation().pathname.replace(/\/$/, '');
  const me = useAsked('sessions.me', {});
  const organization = me.data?.organizations.find(({ id }) => id === organizationId);
  return (
    <>
      <SkipLink />
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding="md"
      >
        <AppShell.Header>
          <Group h="100%" px="md" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Menu"
              aria-expanded={isOpen}
            />
            <Text fw={700} size="lg" flex="none">
              Latchkey
            </Text>
            <Text truncate flex={1}>
              {organization?.name}
            </Text>
            {me.data !== undefined && <AccountMenu me={me.data} organizationId={organizationId} />}
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label="Pages">
          {places.map(({ to, label }) => {
            const path = to.replace('$organizationId', organizationId);
            return (
              <NavLink
                key={to}
                label={label}
                component={Link}
                to={path}
                activeOptions={{ exact: true }}
                active={pathname === path || (label !== 'Home' && pathname.startsWith(`${path}/`))}
                onClick={close}
              />
            );
          })}
        </AppShell.Navbar>
        <AppShell.Main id={contentId} tabIndex={-1}>
          {me.data !== undefined && organization === undefined ? <NotFound /> : <Outlet />}
        </AppShell.Main>
      </AppShell>
    </>
  );
}

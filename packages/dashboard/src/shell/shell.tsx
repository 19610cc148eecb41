import { Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useAsked } from '../api.ts';
import { AccountMenu } from './account-menu.tsx';
import { NotFound } from './not-found.tsx';
import classes from './shell.module.css';
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
      <header className={classes.header}>
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
      </header>
      <nav className={classes.pages} aria-label="Pages" data-open={isOpen || undefined}>
        {places.map(({ to, label }) => {
          const path = to.replace('$organizationId', organizationId);
          const isHere = pathname === path || (label !== 'Home' && pathname.startsWith(`${path}/`));
          return (
            <Link
              key={to}
              className={classes.page}
              to={path}
              activeOptions={{ exact: true }}
              data-here={isHere || undefined}
              onClick={close}
            >
              {label}
            </Link>
          );
        })}
      </nav>
      <main className={classes.main} id={contentId} tabIndex={-1}>
        {me.data !== undefined && organization === undefined ? <NotFound /> : <Outlet />}
      </main>
    </>
  );
}

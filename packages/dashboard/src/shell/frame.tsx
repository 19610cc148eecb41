import { type ComponentType, type MouseEvent, useState, useSyncExternalStore } from 'react';
import { isPlainClick } from '../components/plain-click.ts';
import { FirstSight } from './first-sight.tsx';
import classes from './frame.module.css';
import { HeaderSlot } from './header-slot.tsx';
import { nearness, organizationIn, type Place, pathOf, places } from './places.ts';
import { contentId, SkipLink } from './skip-link.tsx';

/** What the frame is for, which comes after it. */
export interface Dashboard {
  readonly Content: ComponentType;
  readonly pathname: () => string;
  readonly onMove: (moved: () => void) => () => void;
  readonly goTo: (to: Place, organizationId: string) => void;
  /** Somebody is about to go there. */
  readonly prepare: (to: Place, organizationId: string) => void;
}

const doesNotMove = () => () => undefined;
const pathAtStart = () => window.location.pathname;

interface MenuProps {
  readonly organizationId: string;
  readonly pathname: string;
  readonly dashboard: Dashboard | undefined;
  readonly onLeave: () => void;
}

/** Links that lead there by themselves until there is a dashboard which does it faster. */
function Menu({ organizationId, pathname, dashboard, onLeave }: MenuProps) {
  return places.map(({ to, label }) => {
    const near = nearness(pathname, to, organizationId);
    const prepare = () => dashboard?.prepare(to, organizationId);
    const leave = (click: MouseEvent) => {
      onLeave();
      if (dashboard === undefined || !isPlainClick(click)) return;
      click.preventDefault();
      dashboard.goTo(to, organizationId);
    };
    return (
      <a
        key={to}
        className={classes.page}
        href={pathOf(to, organizationId)}
        aria-current={near === 'page' ? 'page' : undefined}
        data-here={near}
        onPointerEnter={prepare}
        onFocus={prepare}
        onClick={leave}
      >
        {label}
      </a>
    );
  });
}

/**
 * What stands around every page of an organization. It needs nothing but its style sheet, so that it is there, and
 * leads on, long before what it is for; that then takes its place in it, and nobody loses the focus.
 */
export function Frame({ dashboard, isMissing = false }: { dashboard?: Dashboard; isMissing?: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const pathname = useSyncExternalStore(dashboard?.onMove ?? doesNotMove, dashboard?.pathname ?? pathAtStart);
  const organizationId = organizationIn(pathname);
  return (
    <HeaderSlot value={slot}>
      {organizationId !== undefined && (
        <>
          <SkipLink />
          <header className={classes.header}>
            <button
              type="button"
              className={classes.burger}
              aria-label="Menu"
              aria-expanded={isOpen}
              onClick={() => setIsOpen(!isOpen)}
            />
            <strong className={classes.brand}>Latchkey</strong>
            <div className={classes.slot} ref={setSlot} />
          </header>
          <nav className={classes.pages} aria-label="Pages" data-open={isOpen || undefined}>
            <Menu {...{ organizationId, pathname, dashboard }} onLeave={() => setIsOpen(false)} />
          </nav>
        </>
      )}
      <main
        className={organizationId === undefined ? undefined : classes.main}
        id={contentId}
        tabIndex={-1}
        aria-busy={dashboard === undefined && !isMissing}
      >
        {dashboard === undefined ? (
          <FirstSight pathname={pathname} isMissing={isMissing} />
        ) : (
          <dashboard.Content />
        )}
      </main>
    </HeaderSlot>
  );
}

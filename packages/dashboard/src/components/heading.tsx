import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import classes from './heading.module.css';

/** The address whose heading was shown last; none before the first, where the focus belongs to the skip link. */
let shownPath: string | undefined;

/** Whoever goes on to another page reads on at its heading, which a screen reader then says. */
function useFocusAfterNavigation(path: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (shownPath !== undefined && shownPath !== path) heading.current?.focus();
    shownPath = path;
  }, [path]);
  return heading;
}

/** The heading of the page at an address. Names the document too. */
export function Heading({ title, path }: { title: string; path: string }) {
  const heading = useFocusAfterNavigation(path);
  useDocumentTitle(`${title} · Latchkey`);
  return (
    <h1 className={classes.heading} ref={heading} tabIndex={-1}>
      {title}
    </h1>
  );
}

import classes from './time.module.css';
import { whenText } from './when.ts';

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** An instant as people say it, and exactly on request; `none` stands where there is none. */
export function Time({ at, none = '–' }: { at: string | null; none?: string }) {
  if (at === null) return <span className={classes.none}>{none}</span>;
  return (
    <time dateTime={at} title={exact.format(new Date(at))}>
      {whenText(at)}
    </time>
  );
}

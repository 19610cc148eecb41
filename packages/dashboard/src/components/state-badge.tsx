import classes from './state-badge.module.css';

/** How a state is meant: as it should be, on its way, to be looked at, or gone. */
export type Tone = 'good' | 'pending' | 'warning' | 'bad' | 'over';

/** A state in words, in the colour of text; the dot beside it only helps the eye. */
export function StateBadge({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {label}
    </span>
  );
}

const clockTime = new Intl.DateTimeFormat('en', { timeStyle: 'medium' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** When something is within the hours around now, to the second: what is waited for is read off a clock. */
export function ClockTime({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={exact.format(date)}>
      {clockTime.format(date)}
    </time>
  );
}

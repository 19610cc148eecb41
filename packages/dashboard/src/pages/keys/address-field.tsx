import { LongTextField } from '../../components/form/text-field.tsx';

/** What was typed, as the API takes it: null where it is bound to none. */
export function addressesOf(text: string): string[] | null {
  const addresses = text.split(/[\s,]+/).filter((each) => each !== '');
  return addresses.length === 0 ? null : addresses;
}

/** Where a key may be used from. */
export function AddressField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <LongTextField
      label="Only from these addresses"
      name="allowedAddresses"
      about={['INVALID_ADDRESS']}
      description="One network address or range a line, such as 203.0.113.7 or 10.0.0.0/8. Empty: from anywhere"
      autosize
      minRows={1}
      maxRows={6}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

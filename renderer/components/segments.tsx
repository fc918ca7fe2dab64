import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import styles from './segments.module.css';

/** One of a few, side by side. */
export function Segments<T extends string>({
  label,
  choices,
  value,
  onChange,
  className,
  labelClassName,
}: {
  readonly label: string;
  readonly choices: readonly (readonly [value: T, label: string])[];
  /** null: none of them. */
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly className?: string | undefined;
  readonly labelClassName?: string | undefined;
}) {
  return (
    <RadioGroup
      className={className ?? styles.group!}
      orientation="horizontal"
      value={value}
      onChange={(chosen) => {
        const choice = choices.find(([known]) => known === chosen);
        if (choice) onChange(choice[0]);
      }}
      {...(labelClassName === undefined ? { 'aria-label': label } : {})}
    >
      {labelClassName !== undefined && <Label className={labelClassName}>{label}</Label>}
      <div className={styles.segments}>
        {choices.map(([known, text]) => (
          <Radio key={known} value={known} className={styles.segment!}>
            {text}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import styles from './choices.module.css';

/** One of a few, one below the other, each with a sentence. */
export function Choices<T extends string>({
  label,
  choices,
  value,
  onChange,
  className,
  labelClassName,
}: {
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly label: string; readonly about: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly className: string | undefined;
  readonly labelClassName: string | undefined;
}) {
  return (
    <RadioGroup
      className={className!}
      value={value}
      onChange={(chosen) => {
        const choice = choices.find((known) => known.value === chosen);
        if (choice) onChange(choice.value);
      }}
    >
      <Label className={labelClassName!}>{label}</Label>
      <div className={styles.choices}>
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} className={styles.choice!} aria-label={choice.label}>
            <span className={styles.dot} aria-hidden="true" />
            <span>
              <span className={styles.name}>{choice.label}</span>
              <span className={styles.about}>{choice.about}</span>
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

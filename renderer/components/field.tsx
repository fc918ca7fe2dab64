import type { ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField, type TextFieldProps } from 'react-aria-components/TextField';
import styles from './field.module.css';

/** A labelled line of text. */
export function Field({
  label,
  hint,
  placeholder,
  ...props
}: Omit<TextFieldProps, 'children' | 'className'> & {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly placeholder?: string;
}) {
  return (
    <TextField {...props} className={styles.field!}>
      <Label className={styles.label!}>{label}</Label>
      <Input
        className={styles.input!}
        {...(placeholder === undefined ? {} : { placeholder })}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
      {hint && (
        <Text slot="description" className={styles.hint!}>
          {hint}
        </Text>
      )}
    </TextField>
  );
}

/** A labelled text of several lines. */
export function AreaField({
  label,
  value,
  onChange,
  placeholder,
  isDisabled = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly isDisabled?: boolean;
}) {
  return (
    <TextField value={value} onChange={onChange} isDisabled={isDisabled} className={styles.field!}>
      <Label className={styles.label!}>{label}</Label>
      <TextArea className={styles.area!} rows={7} spellCheck={false} placeholder={placeholder} />
    </TextField>
  );
}

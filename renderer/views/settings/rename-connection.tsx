import { useState } from 'react';
import { Form } from 'react-aria-components/Form';
import type { Connection } from '../../../shared/ipc.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Modal } from '../../components/modal.tsx';
import { renameConnection } from '../../hooks/connections.ts';
import { attempt } from '../../hooks/notices.ts';

/** Gives a connection a name of the reader's own. */
export function RenameConnection({ connection }: { readonly connection: Connection }) {
  const [name, setName] = useState<string | null>(null);
  const close = () => setName(null);
  const form = `rename-${connection.id}`;
  return (
    <>
      <Button onPress={() => setName(connection.label)}>Rename</Button>
      <Modal
        title="Rename connection"
        isOpen={name !== null}
        onClose={close}
        actions={
          <>
            <Button onPress={close}>Cancel</Button>
            <Button look="primary" type="submit" form={form}>
              Save
            </Button>
          </>
        }
      >
        <Form
          id={form}
          onSubmit={(event) => {
            event.preventDefault();
            attempt(renameConnection(connection.id, (name ?? '').trim()).then(close));
          }}
        >
          <Field
            label="Name"
            value={name ?? ''}
            onChange={setName}
            maxLength={100}
            autoFocus
            hint="Empty gives back what OpenRouter calls the key."
          />
        </Form>
      </Modal>
    </>
  );
}

// Rows of a settings page. Each change is applied at once; there is no save button to forget.
import { useId, useState } from 'preact/hooks';

interface Labelled {
  label: string;
  hint?: string | undefined;
}

function Label({ id, label, hint }: Labelled & { id: string }) {
  return (
    <span class="grow">
      <label for={id}>{label}</label>
      {hint && (
        <span class="muted small" id={`${id}-hint`}>
          <br />
          {hint}
        </span>
      )}
    </span>
  );
}

export function SwitchRow({ label, hint, on, onChange }: Labelled & { on: boolean; onChange: (on: boolean) => void }) {
  const id = useId();
  return (
    <label class="row switch">
      <span class="grow">
        {label}
        {hint && (
          <span class="muted small">
            <br />
            {hint}
          </span>
        )}
      </span>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

interface Choice<T extends string> extends Labelled {
  value: T;
  choices: readonly (readonly [value: T, words: string])[];
  onChange: (value: T) => void;
}

export function SelectRow<T extends string>(props: Choice<T>) {
  const id = useId();
  return (
    <div class="row wrap">
      <Label id={id} label={props.label} hint={props.hint} />
      <Select id={id} {...props} />
    </div>
  );
}

export function Select<T extends string>({ id, label, hint, value, choices, onChange }: Choice<T> & { id: string }) {
  return (
    <select
      id={id}
      aria-label={label}
      aria-describedby={hint ? `${id}-hint` : undefined}
      value={value}
      onChange={(event) => {
        const chosen = choices.find(([each]) => each === event.currentTarget.value);
        if (chosen) onChange(chosen[0]);
      }}
    >
      {choices.map(([each, words]) => (
        <option key={each} value={each} selected={each === value}>
          {words}
        </option>
      ))}
    </select>
  );
}

interface Number extends Labelled {
  value: number;
  least: number;
  most: number;
  onChange: (value: number) => void;
}

/** A whole number; taken when the field is left or Enter is pressed, and brought into its bounds. */
export function NumberRow({ label, hint, value, least, most, onChange }: Number) {
  const id = useId();
  const take = (field: HTMLInputElement) => {
    const typed = Math.round(field.valueAsNumber);
    const taken = Number.isFinite(typed) ? Math.min(most, Math.max(least, typed)) : value;
    field.value = String(taken);
    if (taken !== value) onChange(taken);
  };
  return (
    <div class="row wrap">
      <Label id={id} label={label} hint={hint} />
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={least}
        max={most}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => take(event.currentTarget)}
      />
    </div>
  );
}

/** A number on a scale; the words beside it follow the thumb, the change is taken when the thumb lets go. */
export function RangeRow(props: Number & { step: number; words: (value: number) => string }) {
  const id = useId();
  const [moving, setMoving] = useState<number | null>(null);
  const value = moving ?? props.value;
  return (
    <div class="row wrap">
      <Label id={id} label={props.label} hint={props.hint} />
      <output for={id}>{props.words(value)}</output>
      <input
        id={id}
        type="range"
        min={props.least}
        max={props.most}
        step={props.step}
        value={value}
        aria-valuetext={props.words(value)}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onInput={(event) => setMoving(event.currentTarget.valueAsNumber)}
        onChange={(event) => {
          setMoving(null);
          props.onChange(event.currentTarget.valueAsNumber);
        }}
      />
    </div>
  );
}

interface Text extends Labelled {
  value: string;
  onInput: (value: string) => void;
  wrong?: string | undefined;
  lines?: boolean;
  type?: 'text' | 'password';
  autocomplete?: 'off' | 'username' | 'current-password' | 'new-password';
  lang?: string;
  /** What finds the field again. */
  name?: string;
}

export function TextField(props: Text) {
  const { label, hint, value, onInput, wrong, lines, type, autocomplete = 'off', lang, name } = props;
  const id = useId();
  const common = {
    id,
    name,
    value,
    lang,
    'aria-invalid': wrong ? true : undefined,
    'aria-describedby': [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ') || undefined,
  };
  const take = (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {lines && <textarea {...common} rows={2} onInput={take} />}
      {!lines && type !== 'password' && <input {...common} type="text" autocomplete={autocomplete} onInput={take} />}
      {type === 'password' && <input {...common} type="password" autocomplete={autocomplete} onInput={take} />}
      {hint && (
        <span class="muted small" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong && (
        <span class="wrong small" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </div>
  );
}

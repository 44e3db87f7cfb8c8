import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Tenant } from "./config.ts";

interface TenantChoiceProps {
  readonly tenants: readonly Tenant[];
  readonly chosen: Tenant;
  readonly onChoose: (id: string) => void;
}

export function TenantChoice({ tenants, chosen, onChoose }: TenantChoiceProps) {
  if (tenants.length < 2) return <p class="tenant">{chosen.id}</p>;
  return (
    <label class="tenant">
      Tenant
      <select
        id="tenant"
        value={chosen.id}
        onChange={({ currentTarget }) => onChoose(currentTarget.value)}
      >
        {tenants.map(({ id }) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </label>
  );
}

const icons = {
  menu: "M4 7h16M4 12h16M4 17h16",
  plus: "M12 5v14M5 12h14",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7.5 7.5h9v9h-9z",
  attach:
    "M20 11.5l-8.3 8.3a5 5 0 0 1-7.1-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.6 8.6a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  close: "M6 6l12 12M18 6L6 18",
  page: "M7 3h7l4 4v14H7zM14 3v4h4",
  pin: "M9 3h6l-1 6 4 4H6l4-4zM12 13v8",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  copy: "M8 8h12v12H8zM16 8V4H4v12h4",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M14 4v6M6 14v6",
  speech: "M4 5h16v11H11l-5 4v-4H4z",
} as const;

export function Icon({ name }: { readonly name: keyof typeof icons }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class={name === "stop" ? "solid" : undefined}>
      <path d={icons[name]} />
    </svg>
  );
}

type IconButtonProps = preact.ComponentProps<"button"> & {
  readonly icon: keyof typeof icons;
  readonly label: string;
};

export function IconButton({ icon, label, class: others = "", ...rest }: IconButtonProps) {
  return (
    <button type="button" class={`icon ${others}`} aria-label={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

interface DialogProps {
  readonly title: string;
  /** After Escape too, which the browser itself handles. */
  readonly onClose: () => void;
  readonly children: preact.ComponentChildren;
}

/** A modal dialog, for as long as it is rendered. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Of the layout, so that it is closed before it leaves the page: closing gives the focus back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}

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
  speech: "M4 5h16v11H11l-5 4v-4H4z",
} as const;

export function Icon({ name }: { readonly name: keyof typeof icons }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class={name === "stop" ? "solid" : undefined}>
      <path d={icons[name]} />
    </svg>
  );
}

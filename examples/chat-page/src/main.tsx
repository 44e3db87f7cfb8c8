/** A chat page for the tenants in `config.json`: `createClient` of `chatstack/client` makes every request to the API. */
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Chat } from "./chat.tsx";
import { type Config, keepKey, loadConfig, type Tenant } from "./config.ts";
import { type Session, Users } from "./session.ts";
import { SignIn } from "./sign-in.tsx";
import { forgetTurn } from "./turn.ts";

const tenantKey = "chat-page.tenant";

interface Found {
  readonly tenant: Tenant;
  /** Null where nobody is signed in. */
  readonly session: Session | null;
  /** Why a sign-in on Cognito's page failed. */
  readonly problem?: string;
}

function Page({ config }: { readonly config: Config }) {
  const [tenantId, setTenantId] = useState(sessionStorage.getItem(tenantKey));
  const tenant = config.tenants.find(({ id }) => id === tenantId) ?? config.tenants[0];
  if (tenant === undefined) throw new Error("config.json names no tenant.");
  const [found, setFound] = useState<Found>();
  const users = useMemo(
    () => new Users(config, tenant, () => setFound({ tenant, session: null })),
    [config, tenant],
  );
  const setSession = (session: Session | null) => setFound({ tenant, session });

  useEffect(() => {
    users.current().then(
      (session) => setFound({ tenant, session: session ?? null }),
      (error: Error) => setFound({ tenant, session: null, problem: error.message }),
    );
  }, [users, tenant]);

  // A session of the tenant that was shown before must reach no other tenant's API.
  const session = found?.tenant === tenant ? found.session : undefined;

  const chooseTenant = (id: string) => {
    sessionStorage.setItem(tenantKey, id);
    setTenantId(id);
  };
  if (session === undefined) return null;
  if (session === null) {
    return (
      <SignIn
        key={tenant.id}
        config={config}
        tenant={tenant}
        users={users}
        problem={found?.problem ?? ""}
        onTenant={chooseTenant}
        onSession={setSession}
      />
    );
  }
  return (
    <Chat
      key={`${tenant.id} ${session.user}`}
      config={config}
      tenant={tenant}
      session={session}
      onTenant={chooseTenant}
      onSignOut={() => {
        session.signOut();
        forgetTurn();
        setSession(null);
      }}
    />
  );
}

keepKey();
const wanted = new URLSearchParams(location.search).get("tenant");
if (wanted !== null) {
  sessionStorage.setItem(tenantKey, wanted);
  history.replaceState(null, "", location.pathname + location.hash);
}
const root = document.getElementById("page");
if (root !== null) {
  loadConfig().then(
    (config) => render(<Page config={config} />, root),
    (error: unknown) => {
      root.textContent = `The page cannot start: ${error instanceof Error ? error.message : error}`;
    },
  );
}

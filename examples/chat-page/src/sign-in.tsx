import { useEffect, useRef, useState } from "preact/hooks";
import { type Config, loadTestUsers, type Tenant, type TestUser } from "./config.ts";
import { TenantChoice } from "./parts.tsx";
import type { Challenge, Session, Users } from "./session.ts";

interface SignInProps {
  readonly config: Config;
  readonly tenant: Tenant;
  readonly users: Users;
  /** Of a sign-in before. */
  readonly problem: string;
  readonly onTenant: (id: string) => void;
  readonly onSession: (session: Session) => void;
}

/** Name and password, then whatever else Cognito asks for. */
export function SignIn(props: SignInProps) {
  const { config, tenant, users, onTenant, onSession } = props;
  const [challenge, setChallenge] = useState<Challenge>();
  const [testUsers, setTestUsers] = useState<readonly TestUser[]>();
  const [isKeyMissing, setIsKeyMissing] = useState(false);
  const [problem, setProblem] = useState(props.problem);
  const [isBusy, setIsBusy] = useState(false);

  useEffect(() => {
    loadTestUsers(config).then(
      (found) => {
        setTestUsers(found?.[tenant.id] ?? []);
        setIsKeyMissing(found === undefined);
      },
      // Another start made another key: what is written below says how to get it.
      () => {
        setTestUsers([]);
        setIsKeyMissing(true);
      },
    );
  }, [config, tenant]);

  const run = async (step: Promise<Session | Challenge>) => {
    setIsBusy(true);
    setProblem("");
    try {
      const next = await step;
      if ("kind" in next) setChallenge(next);
      else onSession(next);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "The sign-in failed.");
    } finally {
      setIsBusy(false);
    }
  };

  // Users that come later would move the buttons from under the pointer.
  if (testUsers === undefined) return null;
  return (
    <main class="sign-in">
      <h1>Sign in</h1>
      <TenantChoice tenants={config.tenants} chosen={tenant} onChoose={onTenant} />
      {challenge === undefined ? (
        <>
          {testUsers.length > 0 && (
            <section aria-labelledby="test-users">
              <h2 id="test-users">Test users</h2>
              <ul class="test-users">
                {testUsers.map(({ username, password, groups }) => (
                  <li key={username}>
                    <button
                      type="button"
                      disabled={isBusy}
                      onClick={() => run(users.signIn(username, password))}
                    >
                      <span class="avatar" aria-hidden="true">
                        {username.slice(0, 1).toUpperCase()}
                      </span>
                      <span>
                        {username}
                        {groups.length > 0 && <small>{groups.join(", ")}</small>}
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
              <p class="or">or</p>
            </section>
          )}
          {isKeyMissing && (
            <p class="hint">
              To sign test users in with one click, open the address that <code>npm start</code>{" "}
              printed, or run <code>npx --no -- chatstack open</code>.
            </p>
          )}
          <Form
            isBusy={isBusy}
            label="Sign in"
            onSubmit={(data) =>
              run(users.signIn(String(data.get("username")), String(data.get("password"))))
            }
          >
            <Field label="User name or e-mail" name="username" autocomplete="username" />
            <Field
              label="Password"
              name="password"
              type="password"
              autocomplete="current-password"
            />
          </Form>
          {tenant.login !== undefined && (
            <button
              type="button"
              onClick={() => users.signInElsewhere().catch((error) => setProblem(error.message))}
            >
              Sign in on Cognito's page
            </button>
          )}
        </>
      ) : (
        <ChallengeForm
          key={challenge.kind}
          challenge={challenge}
          isBusy={isBusy}
          onAnswer={(text) => run(challenge.answer(text))}
        />
      )}
      <p class="problem" role="alert">
        {problem}
      </p>
    </main>
  );
}

interface ChallengeFormProps {
  readonly challenge: Challenge;
  readonly isBusy: boolean;
  readonly onAnswer: (text: string) => void;
}

function ChallengeForm({ challenge, isBusy, onAnswer }: ChallengeFormProps) {
  const submit = (data: FormData) => onAnswer(String(data.get("answer")));
  if (challenge.kind === "new-password") {
    return (
      <Form isBusy={isBusy} label="Set the password" onSubmit={submit}>
        <input name="username" autocomplete="username" value={challenge.username} hidden readOnly />
        <p>Choose a password of your own. The one you were given works once.</p>
        <Field
          label="New password"
          name="answer"
          type="password"
          autocomplete="new-password"
          hasFocus
        />
      </Form>
    );
  }
  return (
    <Form isBusy={isBusy} label="Continue" onSubmit={submit}>
      {challenge.secret !== undefined && (
        <p>
          Add this key to your authenticator app: <code>{challenge.secret}</code>
        </p>
      )}
      <Field
        label="Code of your authenticator app"
        name="answer"
        autocomplete="one-time-code"
        hasFocus
      />
    </Form>
  );
}

interface FormProps {
  readonly label: string;
  readonly isBusy: boolean;
  readonly onSubmit: (data: FormData) => void;
  readonly children: preact.ComponentChildren;
}

function Form({ label, isBusy, onSubmit, children }: FormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget));
      }}
    >
      {children}
      <button type="submit" class="primary" disabled={isBusy}>
        {isBusy ? "Signing in …" : label}
      </button>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type?: "text" | "password";
  readonly autocomplete: string;
  readonly hasFocus?: boolean;
}

function Field({ label, name, type = "text", autocomplete, hasFocus = false }: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (hasFocus) input.current?.focus();
  }, [hasFocus]);
  return (
    <label htmlFor={name}>
      {label}
      {type === "password" ? (
        <input
          ref={input}
          id={name}
          name={name}
          type="password"
          autocomplete={autocomplete}
          required
        />
      ) : (
        <input ref={input} id={name} name={name} autocomplete={autocomplete} required />
      )}
    </label>
  );
}

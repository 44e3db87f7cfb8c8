/** `test/pages/`: a page of another origin that does with `useChat` and with `openai` what the chat page does. */
import { useChat } from "@ai-sdk/react";
import OpenAI from "openai";
import { type FormEvent, useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import {
  type Client,
  createClient,
  result,
  type UIChatMessage,
  uiTransport,
  upload,
} from "../../../client/index.ts";
import { currentToken, signIn, signOut, tenant } from "./session.ts";

interface Opened {
  readonly token: string;
  readonly id: string;
  readonly messages: UIChatMessage[];
}

const clientOf = (token: string): Client => createClient({ url: tenant.url, token: () => token });

const transportOf = (client: Client) => uiTransport(client, { storage: sessionStorage });

/** The conversation of this tab, begun where there is none. */
async function open(token: string): Promise<Opened> {
  const client = clientOf(token);
  const kept = sessionStorage.getItem("conversation");
  const id = kept ?? (await result(client.POST("/conversations", { body: {} }))).id;
  sessionStorage.setItem("conversation", id);
  return { token, id, messages: await transportOf(client).messages(id) };
}

function Page({ token }: { readonly token: string | undefined }) {
  const [opened, setOpened] = useState<Opened>();
  const [problem, setProblem] = useState("");
  const begin = (next: string) => open(next).then(setOpened, (error) => setProblem(String(error)));
  useEffect(() => {
    if (token !== undefined) open(token).then(setOpened);
  }, [token]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    signIn(String(data.get("username")), String(data.get("password"))).then(begin, (error) =>
      setProblem(String(error)),
    );
  };
  if (opened !== undefined) {
    const leave = () => {
      signOut();
      sessionStorage.clear();
      setOpened(undefined);
    };
    return <Chat opened={opened} onLeave={leave} />;
  }
  return (
    <form onSubmit={submit}>
      <input id="username" name="username" autoComplete="username" aria-label="User" />
      <input
        id="password"
        name="password"
        type="password"
        autoComplete="off"
        aria-label="Password"
      />
      <button type="submit">Sign in</button>
      <p role="alert">{problem}</p>
    </form>
  );
}

interface ChatProps {
  readonly opened: Opened;
  readonly onLeave: () => void;
}

function Chat({ opened: { id, token, messages: saved }, onLeave }: ChatProps) {
  const client = useMemo(() => clientOf(token), [token]);
  const transport = useMemo(() => transportOf(client), [client]);
  const chat = useChat({ id, messages: saved, resume: true, transport });
  const [question, setQuestion] = useState("");
  const [documents, setDocuments] = useState<string[]>([]);
  const [answer, setAnswer] = useState("");

  const add = async (file: File | undefined) => {
    if (file === undefined) return;
    const document = await upload(client, { file });
    setDocuments([document.id]);
  };
  const askOpenAi = async () => {
    // No key of OpenAI's is in this page: the token is the user's own.
    const openai = new OpenAI({
      baseURL: tenant.url,
      apiKey: token,
      dangerouslyAllowBrowser: true,
    });
    const stream = await openai.chat.completions.create({
      model: "embedded",
      messages: [{ role: "user", content: question }],
      metadata: { conversation_id: id },
      stream: true,
    });
    let text = "";
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? "";
      setAnswer(text);
    }
  };
  return (
    <>
      <ol>
        {chat.messages.map(({ id, role, parts }) => (
          <li key={id} className={role}>
            {parts.map((part, index) => {
              if (part.type === "text") return <p key={String(index)}>{part.text}</p>;
              return part.type === "source-document" ? (
                <cite key={String(index)}>
                  {part.filename} {JSON.stringify(part.providerMetadata)}
                </cite>
              ) : null;
            })}
          </li>
        ))}
      </ol>
      <output id="status">{chat.status}</output>
      <output id="error">{chat.error?.message}</output>
      <output id="openai">{answer}</output>
      <output id="documents">{documents.join()}</output>
      <input
        id="question"
        aria-label="Question"
        value={question}
        onChange={({ target }) => setQuestion(target.value)}
      />
      <input
        id="file"
        type="file"
        aria-label="Document"
        onChange={({ target }) => void add(target.files?.[0])}
      />
      <button
        type="button"
        onClick={() => void chat.sendMessage({ text: question }, { body: { documents } })}
      >
        Ask
      </button>
      <button type="button" onClick={() => void chat.stop()}>
        Stop
      </button>
      <button type="button" onClick={() => void chat.regenerate()}>
        Again
      </button>
      <button type="button" onClick={() => void askOpenAi()}>
        Ask with openai
      </button>
      <button type="button" onClick={onLeave}>
        Sign out
      </button>
    </>
  );
}

const root = document.getElementById("page");
if (root !== null) createRoot(root).render(<Page token={await currentToken()} />);

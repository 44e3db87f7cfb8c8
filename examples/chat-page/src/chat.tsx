import { type Conversation, createClient, result } from "chatstack/client";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Composer, type Draft } from "./composer.tsx";
import type { Config, Tenant } from "./config.ts";
import { useAnswerElsewhere } from "./elsewhere.ts";
import { type Citation, MessageList, Passage } from "./messages.tsx";
import { Icon, IconButton, TenantChoice } from "./parts.tsx";
import type { Session } from "./session.ts";
import { Settings } from "./settings.tsx";
import { Sidebar } from "./sidebar.tsx";
import { follow, forgetTurn, keptTurn, type Message, newKey, type Turn } from "./turn.ts";

interface ChatProps {
  readonly config: Config;
  readonly tenant: Tenant;
  readonly session: Session;
  readonly onTenant: (id: string) => void;
  readonly onSignOut: () => void;
}

/** Why reading ended: the page shows another tenant. The turn is kept, to go on when the user is back. */
const left = new Error("left");

export function Chat({ config, tenant, session, onTenant, onSignOut }: ChatProps) {
  const api = useMemo(
    () => createClient({ url: tenant.url, token: session.token }),
    [tenant, session],
  );
  const [conversations, setConversations] = useState<readonly Conversation[]>([]);
  const [openId, setOpenId] = useState<string>();
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const [turn, setTurn] = useState<Turn>();
  const [citation, setCitation] = useState<Citation>();
  const [models, setModels] = useState<readonly string[]>([]);
  const [model, setModel] = useState<string>();
  const [usage, setUsage] = useState<{ readonly used: number; readonly limit: number | null }>();
  const [problem, setProblem] = useState("");
  const [status, setStatus] = useState("");
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const [isSetting, setIsSetting] = useState(false);
  const [isAnswering, setIsAnswering] = useState(false);
  // Ends the answer that is being read.
  const running = useRef<AbortController>(undefined);
  // A conversation may be left while its messages are on their way.
  const shown = useRef<string>(undefined);

  const report = useCallback((error: unknown) => {
    setProblem(error instanceof Error ? error.message : String(error));
  }, []);

  const refresh = useCallback(async () => {
    const [pinned, list, { day }] = await Promise.all([
      result(api.GET("/conversations", { params: { query: { limit: 50, pinned: "true" } } })),
      result(api.GET("/conversations", { params: { query: { limit: 50 } } })),
      result(api.GET("/me/usage")),
    ]);
    const isPinned = ({ id }: Conversation) => pinned.items.some((one) => one.id === id);
    setConversations([...pinned.items, ...list.items.filter((one) => !isPinned(one))]);
    setUsage({ used: day.inputTokens + day.outputTokens, limit: day.limit });
  }, [api]);

  const load = useCallback(
    async (id: string) => {
      const found = await result(api.GET("/conversations/{id}", { params: { path: { id } } }));
      if (shown.current === id) setMessages(found.messages);
    },
    [api],
  );

  const open = useCallback(
    async (id: string | undefined) => {
      shown.current = id;
      setOpenId(id);
      setIsMenuOpen(false);
      setProblem("");
      setMessages([]);
      if (running.current === undefined) setTurn(undefined);
      if (id !== undefined) await load(id);
    },
    [load],
  );

  const answer = useCallback(
    async (begun: Turn) => {
      const controller = new AbortController();
      running.current = controller;
      setTurn(begun);
      setIsAnswering(true);
      setProblem("");
      setStatus("The answer is being written.");
      let isSaved = false;
      try {
        for await (const step of follow(api, begun, controller.signal)) {
          if (!("event" in step)) setTurn(step);
          else if (step.event === "error") report(step.problem);
          else if (step.event === "message") {
            isSaved = true;
            setStatus(`The answer is complete: ${step.exchange.assistantMessage.content}`);
          }
        }
      } catch (error) {
        if (controller.signal.reason === left) return;
        if (controller.signal.aborted) setStatus("You stopped reading the answer.");
        else report(error);
      }
      forgetTurn();
      running.current = undefined;
      setIsAnswering(false);
      await Promise.all([refresh(), isSaved && load(begun.conversation)]);
      if (isSaved) setTurn(undefined);
    },
    [api, load, refresh, report],
  );

  useEffect(() => {
    const kept = keptTurn(tenant.id, session.user);
    refresh().catch(report);
    result(api.GET("/models")).then(({ items }) => setModels(items.map(({ id }) => id)), report);
    if (kept !== undefined) open(kept.conversation).then(() => answer(kept), report);
    return () => running.current?.abort(left);
  }, [api, tenant, session, open, answer, refresh, report]);

  const elsewhere = useAnswerElsewhere(api, isAnswering ? undefined : openId, (id) => {
    setTurn((before) => (before?.conversation === id ? undefined : before));
    Promise.all([load(id), refresh()]).catch(report);
  });

  const ask = async ({ content, documents, images }: Draft) => {
    let conversation = openId;
    // What was stopped may be saved by now.
    if (turn !== undefined && conversation !== undefined) await load(conversation);
    if (conversation === undefined) {
      // Its title is the first line of the question.
      const created = await result(api.POST("/conversations", { body: {} }));
      conversation = created.id;
      shown.current = conversation;
      setOpenId(conversation);
      setConversations((before) => [created, ...before]);
    }
    await answer({
      tenant: tenant.id,
      user: session.user,
      conversation,
      question: {
        content,
        ...(images.length > 0 && { parts: [{ type: "text", text: content }, ...images] }),
        documents: [...documents],
        ...(model !== undefined && { modelId: model }),
      },
      key: newKey(),
      text: "",
    });
  };

  const discard = async (id: string) => {
    await result(
      api.PATCH("/conversations/{id}", { params: { path: { id } }, body: { state: "trashed" } }),
    );
    await open(undefined);
    await refresh();
  };

  const change = async (changed: Promise<unknown>) => {
    setProblem("");
    await changed;
    await Promise.all([refresh(), openId !== undefined && load(openId)]);
  };

  const pin = ({ id, pinned }: Conversation) =>
    result(
      api.PATCH("/conversations/{id}", {
        params: { path: { id } },
        body: { pinned: pinned !== true },
      }),
    );

  const pathOf = (message: Message) => ({ id: openId ?? "", messageId: message.id });

  const edit = (message: Message, content: string) =>
    result(
      api.PATCH("/conversations/{id}/messages/{messageId}", {
        params: { path: pathOf(message) },
        body: { content },
      }),
    );

  const remove = (message: Message) =>
    result(
      api.DELETE("/conversations/{id}/messages/{messageId}", { params: { path: pathOf(message) } }),
    );

  const copy = async (message: Message) => {
    const key = newKey();
    const request = async () => {
      const answer = api.POST("/conversations/{id}/copy", {
        params: { path: { id: openId ?? "" }, header: { "idempotency-key": key } },
        body: { through: message.id },
      });
      return { copied: await result(answer), status: (await answer).response.status };
    };
    // A long one takes several requests: the key goes on with it.
    let { copied, status } = await request();
    while (status === 202) ({ copied, status } = await request());
    await refresh();
    await open(copied.id);
  };

  const current = conversations.find(({ id }) => id === openId);
  return (
    <div class="chat">
      <a class="skip" href="#question">
        Skip to the question
      </a>
      <Sidebar
        conversations={conversations}
        openId={openId}
        usage={usage}
        username={session.name}
        isOpen={isMenuOpen}
        onClose={() => setIsMenuOpen(false)}
        onOpen={(id) => {
          open(id).catch(report);
          if (id === openId) elsewhere.look();
        }}
        onSignOut={onSignOut}
      >
        <TenantChoice tenants={config.tenants} chosen={tenant} onChoose={onTenant} />
      </Sidebar>
      <main>
        <header class="bar">
          <IconButton
            icon="menu"
            label="Conversations"
            class="menu"
            aria-expanded={isMenuOpen}
            onClick={() => setIsMenuOpen(!isMenuOpen)}
          />
          <h1>{current?.title ?? "New conversation"}</h1>
          {models.length > 1 && (
            <select
              aria-label="Model"
              value={model ?? models[0]}
              onChange={({ currentTarget }) => setModel(currentTarget.value)}
            >
              {models.map((id) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </select>
          )}
          {current !== undefined && !isAnswering && (
            <>
              <IconButton
                icon="pin"
                label="Pin the conversation"
                aria-pressed={current.pinned === true}
                onClick={() => change(pin(current)).catch(report)}
              />
              <IconButton
                icon="settings"
                label="Conversation settings"
                onClick={() => setIsSetting(true)}
              />
              <IconButton
                icon="trash"
                label="Move the conversation to the trash"
                onClick={() => discard(current.id).catch(report)}
              />
            </>
          )}
        </header>
        <Scroller follows={turn?.text.length ?? messages.length}>
          {messages.length === 0 && turn === undefined && elsewhere.running === undefined ? (
            <div class="empty">
              <Icon name="speech" />
              <p>Ask a question, or drop a PDF or text file here and ask what is in it.</p>
            </div>
          ) : (
            <MessageList
              api={api}
              messages={messages}
              turn={turn?.conversation === openId ? turn : undefined}
              isAnswering={isAnswering}
              onContinue={() => turn !== undefined && answer(turn).catch(report)}
              onCitation={setCitation}
              onEdit={(message, content) => change(edit(message, content)).catch(report)}
              onDelete={(message) => change(remove(message)).catch(report)}
              onCopy={(message) => copy(message).catch(report)}
            />
          )}
        </Scroller>
        {elsewhere.running !== undefined && (
          <p class="elsewhere" role="status">
            {turn === undefined
              ? `“${elsewhere.running.question.content}” is being answered in another tab or device.`
              : "The answer is still being written."}
            <button
              type="button"
              disabled={elsewhere.running.isStopped}
              onClick={() => elsewhere.end().catch(report)}
            >
              End the answer
            </button>
          </p>
        )}
        <p class="problem" role="alert">
          {problem}
        </p>
        <p class="unseen" role="status">
          {status}
        </p>
        <Composer
          api={api}
          isAnswering={isAnswering}
          onAsk={(draft) => ask(draft).catch(report)}
          onStop={() => running.current?.abort()}
          onProblem={report}
        />
      </main>
      {isSetting && current !== undefined && (
        <Settings
          api={api}
          id={current.id}
          onSaved={() => change(Promise.resolve()).catch(report)}
          onClose={() => setIsSetting(false)}
          onProblem={report}
        />
      )}
      {citation !== undefined && (
        <Passage api={api} citation={citation} onClose={() => setCitation(undefined)} />
      )}
    </div>
  );
}

interface ScrollerProps {
  /** The end is shown again when this changes, unless the reader has scrolled up. */
  readonly follows: number;
  readonly children: preact.ComponentChildren;
}

function Scroller({ follows, children }: ScrollerProps) {
  const element = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (isAtEnd.current) element.current?.scrollTo({ top: element.current.scrollHeight });
  }, [follows]);
  return (
    <section
      ref={element}
      class="scroller"
      aria-label="Messages"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is scrolled by key.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      {children}
    </section>
  );
}

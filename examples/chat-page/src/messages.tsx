import type { Client, components } from "chatstack/client";
import { everyItem, result } from "chatstack/client";
import { useEffect, useState } from "preact/hooks";
import { MessageParts } from "./message-parts.tsx";
import { Dialog, Icon, IconButton } from "./parts.tsx";
import { RichText } from "./rich-text.tsx";
import type { Message, Turn } from "./turn.ts";

export type Citation = components["schemas"]["Citation"];

interface MessageListProps {
  readonly api: Client;
  readonly messages: readonly Message[];
  /** The question and answer that are not saved yet. */
  readonly turn: Turn | undefined;
  /** False where its reader stopped, or where the answer broke off. */
  readonly isAnswering: boolean;
  readonly onContinue: () => void;
  readonly onCitation: (citation: Citation) => void;
  readonly onEdit: (message: Message, content: string) => void;
  readonly onDelete: (message: Message) => void;
  /** A new conversation of the messages up to this one. */
  readonly onCopy: (message: Message) => void;
}

export function MessageList(props: MessageListProps) {
  const { api, messages, turn, isAnswering, onContinue, onCitation } = props;
  return (
    <ol class="messages">
      {messages.map((message) => (
        <SavedMessage
          key={message.id}
          api={api}
          message={message}
          onCitation={onCitation}
          actions={!isAnswering && <Actions message={message} {...props} />}
        />
      ))}
      {turn !== undefined && (
        <>
          <li key="question" class="user">
            <Speaker name="You" />
            <p class="question">{turn.question.content}</p>
            <MessageParts api={api} parts={turn.question.parts} />
          </li>
          <li key="answer" class="assistant" aria-busy={isAnswering}>
            <Speaker name="Answer" />
            <MessageParts api={api} parts={turn.parts} />
            {turn.text === "" ? (
              isAnswering && <p class="thinking">Thinking …</p>
            ) : (
              <RichText text={turn.text} citations={0} onCitation={() => {}} />
            )}
            {!isAnswering && (
              <p class="stopped">
                You have read a part of the answer.
                <button type="button" onClick={onContinue}>
                  Continue
                </button>
              </p>
            )}
          </li>
        </>
      )}
    </ol>
  );
}

type ActionsProps = Pick<MessageListProps, "onEdit" | "onDelete" | "onCopy"> & {
  readonly message: Message;
};

function Actions({ message, onEdit, onDelete, onCopy }: ActionsProps) {
  const [isEditing, setIsEditing] = useState(false);
  if (isEditing) {
    return (
      <form
        class="settings"
        onSubmit={(event) => {
          event.preventDefault();
          const content = String(new FormData(event.currentTarget).get("content") ?? "");
          if (content.trim() !== "") onEdit(message, content);
          setIsEditing(false);
        }}
      >
        <textarea name="content" rows={4} aria-label="The message">
          {message.content}
        </textarea>
        <p class="actions">
          <button type="submit">Save</button>
          <button type="button" onClick={() => setIsEditing(false)}>
            Cancel
          </button>
        </p>
      </form>
    );
  }
  return (
    <p class="actions">
      {message.parts === undefined && (
        <IconButton icon="edit" label="Edit this message" onClick={() => setIsEditing(true)} />
      )}
      <IconButton
        icon="copy"
        label="Copy the conversation up to here"
        onClick={() => onCopy(message)}
      />
      <IconButton icon="trash" label="Delete this message" onClick={() => onDelete(message)} />
    </p>
  );
}

function SavedMessage({
  api,
  message,
  onCitation,
  actions,
}: {
  readonly api: Client;
  readonly message: Message;
  readonly onCitation: (citation: Citation) => void;
  readonly actions: preact.ComponentChildren;
}) {
  const { role, content, citations, isError, errorMessage, stopReason, usage, modelId } = message;
  if (role === "user") {
    return (
      <li class="user">
        <Speaker name="You" />
        <p class="question">{content}</p>
        <MessageParts api={api} parts={message.parts} />
        {message.documents.length > 0 && (
          <p class="meta">
            {message.documents.length === 1
              ? "1 document"
              : `${message.documents.length} documents`}
          </p>
        )}
        {actions}
      </li>
    );
  }
  const show = (index: number) => {
    const citation = citations[index];
    if (citation !== undefined) onCitation(citation);
  };
  return (
    <li class={role}>
      <Speaker name={role === "assistant" ? "Answer" : role} />
      <MessageParts api={api} parts={message.parts} />
      <RichText text={content} citations={citations.length} onCitation={show} />
      {isError && <p class="problem">The model failed. {errorMessage}</p>}
      {citations.length > 0 && (
        <ul class="sources" aria-label="Sources">
          {citations.map((citation, index) => (
            <li key={`${citation.source} ${citation.page} ${index}`}>
              <button type="button" onClick={() => onCitation(citation)}>
                <span class="number">{index + 1}</span>
                {placeOf(citation)}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p class="meta">
        {[
          modelId,
          usage && `${usage.inputTokens + usage.outputTokens} tokens`,
          stopReason === "aborted" && "stopped",
          stopReason === "length" && "cut at the longest answer",
          stopReason === "filtered" && "cut by the provider's filter",
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {actions}
    </li>
  );
}

function Speaker({ name }: { readonly name: string }) {
  return <h2 class="speaker">{name}</h2>;
}

function placeOf({ title, source, url, page }: Citation): string {
  const name = title ?? source ?? url ?? "Source";
  return page === undefined ? name : `${name}, page ${page}`;
}

interface PassageProps {
  readonly api: Client;
  readonly citation: Citation;
  readonly onClose: () => void;
}

/** The passage that an answer cites, and the way to its document. */
export function Passage({ api, citation, onClose }: PassageProps) {
  const [url, setUrl] = useState(citation.url);
  useEffect(() => {
    if (citation.url !== undefined || citation.source === undefined) return;
    let isCurrent = true;
    addressOf(api, citation).then(
      (found) => isCurrent && setUrl(found),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [api, citation]);
  return (
    <Dialog title={placeOf(citation)} onClose={onClose}>
      <blockquote>{citation.quote}</blockquote>
      {url !== undefined && (
        <a href={url} target="_blank" rel="noreferrer">
          <Icon name="page" />
          Download the document
        </a>
      )}
    </Dialog>
  );
}

/** Citations name a document as the user called it; of several, the newest one counts. */
async function addressOf(api: Client, { source }: Citation): Promise<string | undefined> {
  const documents = everyItem((cursor) =>
    result(api.GET("/documents", { params: { query: { limit: 100, ...(cursor && { cursor }) } } })),
  );
  for await (const { id, name } of documents) {
    if (name !== source) continue;
    const { downloadUrl } = await result(api.GET("/documents/{id}", { params: { path: { id } } }));
    if (downloadUrl !== null) return downloadUrl;
  }
  return undefined;
}

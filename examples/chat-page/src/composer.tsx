import { type Client, type components, upload } from "chatstack/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, IconButton } from "./parts.tsx";

export interface Draft {
  readonly content: string;
  /** Ids of uploaded documents. */
  readonly documents: readonly string[];
  readonly images: readonly Image[];
}

type Image = Extract<components["schemas"]["Part"], { type: "image" }>;

interface Attachment {
  readonly key: number;
  readonly name: string;
  /** Undefined while the document goes up and is read. */
  readonly id?: string;
  /** Absent for a document. */
  readonly image?: Image;
}

interface ComposerProps {
  readonly api: Client;
  readonly isAnswering: boolean;
  readonly onAsk: (draft: Draft) => void;
  readonly onStop: () => void;
  readonly onProblem: (error: unknown) => void;
}

let attached = 0;

const isImage = (type: string): type is Image["mediaType"] => type.startsWith("image/");

/** The question with its documents and images. Files may be dropped anywhere on the page. */
export function Composer({ api, isAnswering, onAsk, onStop, onProblem }: ComposerProps) {
  const [content, setContent] = useState("");
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const [isDropping, setIsDropping] = useState(false);
  const textarea = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);

  useEffect(() => textarea.current?.focus(), []);

  const attach = async (file: File) => {
    const key = ++attached;
    setAttachments((before) => [...before, { key, name: file.name }]);
    const remove = () => setAttachments((before) => before.filter((one) => one.key !== key));
    try {
      const { id, status, type } = await upload(api, { file });
      if (status === "failed") throw new Error(`${file.name} could not be read.`);
      const ready = isImage(type)
        ? { id, image: { type: "image", mediaType: type, document: id } as const }
        : { id };
      setAttachments((before) =>
        before.map((one) => (one.key === key ? { ...one, ...ready } : one)),
      );
    } catch (error) {
      remove();
      onProblem(error);
    }
  };
  const attachAll = (list: FileList | null | undefined) => [...(list ?? [])].map(attach);

  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setIsDropping(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setIsDropping(false);
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setIsDropping(false);
      attachAll(event.dataTransfer?.files);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, [api]);

  const isUploading = attachments.some(({ id }) => id === undefined);
  const canAsk = !isAnswering && !isUploading && content.trim() !== "";
  const ask = () => {
    if (!canAsk) return;
    onAsk({
      content,
      documents: attachments.flatMap(({ id, image }) => (image === undefined ? (id ?? []) : [])),
      images: attachments.flatMap(({ image }) => image ?? []),
    });
    setContent("");
    setAttachments([]);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      {isDropping && <p class="drop">Drop the file to ask about it</p>}
      {attachments.length > 0 && (
        <ul class="attachments" aria-label="Documents of the question">
          {attachments.map(({ key, name, id }) => (
            <li key={key} aria-busy={id === undefined}>
              <Icon name="page" />
              <span>{name}</span>
              <small>{id === undefined ? "reading …" : "ready"}</small>
              <IconButton
                icon="close"
                label={`Remove ${name}`}
                onClick={() => setAttachments((before) => before.filter((one) => one.key !== key))}
              />
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        <input
          ref={files}
          id="files"
          type="file"
          multiple
          hidden
          accept=".pdf,.txt,.md,.csv,.png,.jpg,.jpeg,.gif,.webp"
          aria-label="Files to attach"
          onChange={({ currentTarget }) => {
            attachAll(currentTarget.files);
            currentTarget.value = "";
          }}
        />
        <IconButton
          icon="attach"
          label="Attach documents and images"
          onClick={() => files.current?.click()}
        />
        <textarea
          ref={textarea}
          id="question"
          rows={1}
          aria-label="Question"
          placeholder="Ask something"
          value={content}
          onInput={({ currentTarget }) => setContent(currentTarget.value)}
          onKeyDown={(event) => {
            // Not while an input method composes a character.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            ask();
          }}
        />
        {isAnswering ? (
          <IconButton icon="stop" label="Stop" class="primary" onClick={onStop} />
        ) : (
          <button type="submit" class="icon primary" aria-label="Ask" disabled={!canAsk}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}

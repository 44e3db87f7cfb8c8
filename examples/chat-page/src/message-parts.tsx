/** What a message has beside its text: images, files, and what tools were asked and answered. */
import { type Client, type components, result } from "chatstack/client";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "./parts.tsx";

export type Part = components["schemas"]["Part"];
type Bytes = Extract<Part, { type: "image" | "file" }>;

interface PartsProps {
  readonly api: Client;
  readonly parts: readonly Part[] | undefined;
}

export function MessageParts({ api, parts = [] }: PartsProps) {
  const shown = parts.filter(({ type }) => !["text", "citation", "data"].includes(type));
  if (shown.length === 0) return null;
  return (
    <ul class="parts">
      {shown.map((part, index) => (
        <li key={`${part.type} ${index}`}>
          <MessagePart api={api} part={part} />
        </li>
      ))}
    </ul>
  );
}

function MessagePart({ api, part }: { readonly api: Client; readonly part: Part }) {
  switch (part.type) {
    case "image":
      return <Picture api={api} part={part} />;
    case "file":
      return <Download api={api} part={part} />;
    case "tool-call":
      return <Told title={`Asked the tool ${part.toolName}`} text={asText(part.input)} />;
    case "tool-result": {
      const said = part.isError === true ? "failed" : "answered";
      return (
        <Told
          title={`The tool ${part.toolName ?? part.toolCallId} ${said}`}
          text={asText(part.output ?? part.content)}
        />
      );
    }
    case "reasoning":
      return <Told title="Reasoning" text={part.text} />;
    default:
      return null;
  }
}

function Told({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <details>
      <summary>{title}</summary>
      <pre>{text}</pre>
    </details>
  );
}

const asText = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value, undefined, 2) ?? "");

/** Its bytes as a `data:` address, the only one of images that the page's policy allows. */
function Picture({ api, part }: { readonly api: Client; readonly part: Bytes }) {
  const { data, mediaType, document } = part;
  const [source, setSource] = useState(data && `data:${mediaType};base64,${data}`);
  useEffect(() => {
    if (document === undefined) return;
    let isCurrent = true;
    imageOf(api, document).then(
      (found) => isCurrent && setSource(found),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [api, document]);
  if (source === undefined) return <Download api={api} part={part} />;
  return <img src={source} alt="Attached" />;
}

async function imageOf(api: Client, id: string): Promise<string | undefined> {
  const { downloadUrl } = await result(api.GET("/documents/{id}", { params: { path: { id } } }));
  if (downloadUrl === null) return undefined;
  const bytes = await (await fetch(downloadUrl)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(bytes);
  });
}

/** What is downloaded where the reader asks for it: an address lives for minutes. */
function Download({ api, part }: { readonly api: Client; readonly part: Bytes }) {
  const [address, setAddress] = useState(part.url);
  const name = ("name" in part ? part.name : undefined) ?? part.mediaType;
  const { document: id } = part;
  if (address !== undefined) {
    return (
      <a href={address} target="_blank" rel="noreferrer">
        <Icon name="page" />
        {name}
      </a>
    );
  }
  const find = async (document: string) => {
    const path = { id: document };
    const { downloadUrl } = await result(api.GET("/documents/{id}", { params: { path } }));
    setAddress(downloadUrl ?? undefined);
  };
  return (
    <button
      type="button"
      disabled={id === undefined}
      onClick={() => id && find(id).catch(() => {})}
    >
      <Icon name="page" />
      {name}
    </button>
  );
}

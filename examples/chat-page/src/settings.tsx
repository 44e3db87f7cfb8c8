import { type Client, type Conversation, result } from "chatstack/client";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "./parts.tsx";

interface SettingsProps {
  readonly api: Client;
  readonly id: string;
  readonly onSaved: () => void;
  readonly onClose: () => void;
  readonly onProblem: (error: unknown) => void;
}

/** Name, tags, instructions and temperature of a conversation, and the way to empty it. */
export function Settings({ api, id, onSaved, onClose, onProblem }: SettingsProps) {
  const [found, setFound] = useState<Conversation>();
  useEffect(() => {
    const path = { id };
    result(api.GET("/conversations/{id}", { params: { path } })).then(setFound, onProblem);
  }, [api, id, onProblem]);

  const save = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const textOf = (name: string) => String(data.get(name) ?? "").trim();
    const temperature = textOf("temperature");
    const title = textOf("title");
    await result(
      api.PATCH("/conversations/{id}", {
        params: { path: { id } },
        body: {
          ...(title !== "" && title !== found?.title && { title }),
          tags: textOf("tags")
            .split(",")
            .map((tag) => tag.trim())
            .filter((tag) => tag !== ""),
          settings: {
            instructions: textOf("instructions") || null,
            temperature: temperature === "" ? null : Number(temperature),
          },
        },
      }),
    );
    onSaved();
    onClose();
  };

  const clear = async () => {
    const path = { id };
    // A long one takes several requests.
    for (let status = 202; status === 202; ) {
      const answer = await api.DELETE("/conversations/{id}/messages", { params: { path } });
      await result(Promise.resolve(answer));
      status = answer.response.status;
    }
    onSaved();
    onClose();
  };

  return (
    <Dialog title="Conversation settings" onClose={onClose}>
      {found !== undefined && (
        <form
          class="settings"
          onSubmit={(event) => {
            event.preventDefault();
            save(event.currentTarget).catch(onProblem);
          }}
        >
          <label>
            Name
            <input name="title" maxLength={200} value={found.title} />
          </label>
          <label>
            Tags, with commas between
            <input name="tags" maxLength={1_000} value={found.tags?.join(", ") ?? ""} />
          </label>
          <label>
            Instructions for the model
            <textarea name="instructions" rows={4} maxLength={16_000}>
              {found.settings?.instructions ?? ""}
            </textarea>
          </label>
          <label>
            Temperature, 0 to 1
            <input
              name="temperature"
              type="number"
              min={0}
              max={1}
              step={0.1}
              value={found.settings?.temperature ?? ""}
            />
          </label>
          <button type="submit" class="primary">
            Save
          </button>
          <button type="button" onClick={() => clear().catch(onProblem)}>
            Delete all messages
          </button>
        </form>
      )}
    </Dialog>
  );
}

import type { Conversation } from "chatstack/client";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./parts.tsx";

interface SidebarProps {
  /** The pinned ones first. */
  readonly conversations: readonly Conversation[];
  readonly openId: string | undefined;
  /** Tokens of the day. */
  readonly usage: { readonly used: number; readonly limit: number | null } | undefined;
  readonly username: string;
  /** On narrow screens the list covers the conversation. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onOpen: (id: string | undefined) => void;
  readonly onSignOut: () => void;
  readonly children: preact.ComponentChildren;
}

export function Sidebar(props: SidebarProps) {
  const { conversations, openId, usage, username, isOpen, onClose, onOpen, onSignOut } = props;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    nav.current?.querySelector<HTMLElement>("select, button")?.focus();
    const close = ({ key }: KeyboardEvent) => key === "Escape" && onClose();
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, [isOpen, onClose]);
  return (
    <>
      <nav ref={nav} class={isOpen ? "open" : ""} aria-label="Conversations">
        {props.children}
        <button type="button" class="primary" onClick={() => onOpen(undefined)}>
          <Icon name="plus" />
          New conversation
        </button>
        <ul class="conversations">
          {conversations.map(({ id, title, lastMessage, pinned }) => (
            <li key={id}>
              <button
                type="button"
                aria-current={id === openId ? "true" : undefined}
                onClick={() => onOpen(id)}
              >
                <strong>
                  {pinned === true && (
                    <>
                      <Icon name="pin" />
                      <span class="unseen">Pinned: </span>
                    </>
                  )}
                  {title}
                </strong>
                <small>{lastMessage?.preview ?? "No message yet"}</small>
              </button>
            </li>
          ))}
        </ul>
        <footer>
          {usage !== undefined && <Usage {...usage} />}
          <p class="account">
            <span title={username}>{username}</span>
            <button type="button" onClick={onSignOut}>
              Sign out
            </button>
          </p>
        </footer>
      </nav>
      {/* Beside the open list: a tap there closes it, as Escape does. */}
      <button
        type="button"
        class="curtain"
        hidden={!isOpen}
        tabIndex={-1}
        aria-label="Close the list"
        onClick={onClose}
      />
    </>
  );
}

const number = new Intl.NumberFormat("en");

function Usage({ used, limit }: { readonly used: number; readonly limit: number | null }) {
  const text =
    limit === null
      ? `${number.format(used)} tokens today`
      : `${number.format(used)} of ${number.format(limit)} tokens today`;
  return (
    <div class="usage">
      <span id="usage">{text}</span>
      {limit !== null && <meter aria-labelledby="usage" min={0} max={limit} value={used} />}
    </div>
  );
}

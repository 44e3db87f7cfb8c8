import type { ImageType } from "./parts.ts";

/** How files of a type begin; `*` is any byte. Of WHATWG's MIME Sniffing Standard, section 6.1. */
const signatures: Readonly<Record<ImageType, readonly string[]>> = {
  "image/png": ["\x89PNG\r\n\x1a\n"],
  "image/jpeg": ["\xff\xd8\xff"],
  "image/gif": ["GIF87a", "GIF89a"],
  "image/webp": ["RIFF****WEBPVP"],
};

/** Whether the bytes begin as an image of that type does. */
export function isImage(type: ImageType, bytes: Uint8Array): boolean {
  return signatures[type].some((signature) =>
    [...signature].every((mark, at) => mark === "*" || bytes[at] === mark.charCodeAt(0)),
  );
}

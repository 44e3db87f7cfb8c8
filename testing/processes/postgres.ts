import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { PGlite } from "@electric-sql/pglite";

export interface PostgresServer {
  readonly url: string;
  readonly database: PGlite;
  stop(): Promise<void>;
}

/** An embedded PostgreSQL behind a TCP port, for drivers that speak the protocol; one client at a time. */
export async function startPostgres(): Promise<PostgresServer> {
  const database = new PGlite();
  await database.waitReady;
  const server = createServer((socket) => {
    let work = Promise.resolve();
    let rest = Buffer.alloc(0);
    let started = false;
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      // The database takes whole messages only: a letter, but at the start, and a length that counts itself.
      for (;;) {
        const letter = started ? 1 : 0;
        const length = rest.length < letter + 4 ? Infinity : letter + rest.readInt32BE(letter);
        if (rest.length < length) return;
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        // An SSLRequest (PostgreSQL documentation, "Message Formats") comes before the start.
        started ||= message.length !== 8;
        work = work.then(() => answer(socket, message));
      }
    });
  });
  const answer = async (socket: Socket, message: Buffer) => {
    if (message.length === 8 && message.readInt32BE(4) === 80877103) socket.write("N");
    // A client that leaves must not end the database, which has no other session.
    else if (message.at(0) === "X".charCodeAt(0)) socket.end();
    else socket.write(await database.execProtocolRaw(message));
  };
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`,
    database,
    async stop() {
      server.close();
      await database.close();
    },
  };
}

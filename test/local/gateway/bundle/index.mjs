// A function for the gateway's tests. The path says what it does; requests talk to each other through
// the module's state, which works because a function's thread runs them side by side.
let release;
const released = new Promise((resolve) => {
  release = resolve;
});
let reportClosed;
const closed = new Promise((resolve) => {
  reportClosed = resolve;
});
let chunksSent = 0;

const routes = {
  "/echo": (event, respond) => respond(200, JSON.stringify(event)),
  "/environment": (_, respond) => respond(200, JSON.stringify(process.env)),
  "/teapot": (_, respond) =>
    respond(418, "", {
      headers: { "content-type": "text/tea" },
      multiValueHeaders: { vary: ["a", "b"] },
      cookies: ["x=1", "y=2"],
    }),
  "/refusal": (_, respond) => respond(401, "", { headers: { "WWW-Authenticate": "Bearer" } }),
  "/bytes": (_, respond) => respond(200, Buffer.from([0, 255, ...Array(9).fill(0), 1])),
  "/throw": () => {
    throw new Error("boom");
  },
  "/crash": () => process.exit(1),
  "/hoard": async () => {
    const hoard = [];
    for (let megabytes = 0; megabytes < 400; megabytes += 10) {
      hoard.push(Buffer.alloc(10 * 1024 * 1024, 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return hoard;
  },
  "/busy": () => {
    for (;;);
  },
  "/release": (_, respond) => {
    release();
    respond(200, "released");
  },
  "/progress": (_, respond) => respond(200, JSON.stringify({ chunksSent })),
  "/closed": async (_, respond) => respond(200, await closed),
};

const streams = {
  "/no-metadata": async (stream) => stream.end(),
  "/late-body": async (stream) => {
    stream.write("");
    await released;
    stream.end("body");
  },
  "/slow": async (stream) => {
    stream.write("first,");
    await released;
    stream.end("last");
  },
  "/flood": async (stream) => {
    stream.once("close", () => reportClosed("closed"));
    const chunk = Buffer.alloc(64 * 1024, "x");
    while (!stream.destroyed && chunksSent < 1000) {
      chunksSent++;
      if (!stream.write(chunk)) {
        await new Promise((resolve) => stream.once("drain", resolve).once("close", resolve));
      }
    }
    stream.end();
  },
  "/river": async (stream) => {
    const chunk = Buffer.alloc(1024 * 1024, "x");
    for (let sent = 0; sent < 210 && !stream.destroyed; sent++) {
      if (!stream.write(chunk)) {
        await new Promise((resolve) => stream.once("drain", resolve).once("close", resolve));
      }
    }
    stream.end();
  },
  "/truncate": async (stream) => {
    stream.write("half");
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new Error("boom");
  },
};

export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
  const from = (metadata) => awslambda.HttpResponseStream.from(stream, metadata);
  if (event.path in streams) return streams[event.path](from({ statusCode: 200 }));
  const respond = (statusCode, body, head = {}) => {
    const response = from({ statusCode, ...head });
    response.write(body);
    response.end();
  };
  await (routes[event.path] ?? routes["/echo"])({ ...event, context }, respond);
});

export const buffered = async ({ queryStringParameters: query }) => ({
  statusCode: 201,
  headers: { "content-type": "application/octet-stream" },
  body: query ? "a".repeat(Number(query.bytes)) : Buffer.from([0, 255, 1]).toString("base64"),
  isBase64Encoded: true,
});

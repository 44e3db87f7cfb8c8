/** GitHub's REST API (docs.github.com, "REST API endpoints for repository contents", "for Git references", "for pull requests"). */
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { z } from "zod";
import type { Repository } from "./repository.ts";

const reference = z.object({ object: z.object({ sha: z.string() }) });
const file = z.object({ sha: z.string(), content: z.string() });
const pull = z.object({ html_url: z.string() });

/**
 * @param name `owner/repository`
 * @param tokenParameter name of a secure string in Parameter Store.
 */
export function gitHub(name: string, tokenParameter: string): Repository {
  const base = `${process.env.GITHUB_API ?? "https://api.github.com"}/repos/${name}`;
  const main = process.env.MAIN_BRANCH ?? "main";

  /** Undefined for a status that is expected beside success. */
  async function call<T>(
    schema: z.ZodType<T>,
    [method, path, body]: readonly [string, string, object?],
    expected?: number,
  ): Promise<T | undefined> {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await tokenIn(tokenParameter)}`,
        accept: "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
        "user-agent": "chatstack-control-plane",
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.ok) return schema.parse(await response.json());
    await response.body?.cancel();
    if (response.status === expected) return undefined;
    throw new Error(`GitHub: ${method} ${path}: ${response.status}`);
  }

  const read = (path: string, branch: string) =>
    call(file, ["GET", `/contents/${path}?ref=${branch}`], 404);

  return {
    async propose({ branch, title, path, write }) {
      const before = await read(path, main);
      const text = write(before && Buffer.from(before.content, "base64").toString());
      const head = await call(reference, ["GET", `/git/ref/heads/${main}`]);
      // 422: the branch is there, from an earlier try.
      await call(
        reference,
        ["POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: head?.object.sha }],
        422,
      );
      const there = await read(path, branch);
      const content = Buffer.from(text).toString("base64");
      if (there?.content.replaceAll("\n", "") !== content) {
        const change = { message: title, branch, content, ...(there && { sha: there.sha }) };
        await call(z.unknown(), ["PUT", `/contents/${path}`, change]);
      }
      const made = await call(pull, ["POST", "/pulls", { title, head: branch, base: main }], 422);
      const [owner = ""] = name.split("/");
      const open =
        made ??
        (await call(z.array(pull), ["GET", `/pulls?state=open&head=${owner}:${branch}`]))?.[0];
      if (open === undefined) throw new Error(`GitHub: no pull request of ${branch}`);
      return open.html_url;
    },
  };
}

let token: Promise<string> | undefined;

/** Read once a process; where that fails, again with the next request. */
function tokenIn(Name: string): Promise<string> {
  token ??= new SSMClient({})
    .send(new GetParameterCommand({ Name, WithDecryption: true }))
    .then(({ Parameter }) => Parameter?.Value ?? "");
  token.catch(() => {
    token = undefined;
  });
  return token;
}

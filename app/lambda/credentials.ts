/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundle. Lambda hands credentials over in
 * the environment; the SDK's chain of SSO, profiles and metadata services is 135 KB that never runs.
 */
export function defaultProvider() {
  return async () => {
    const accessKeyId = process.env.AWS_ACCESS_KEY_ID;
    const secretAccessKey = process.env.AWS_SECRET_ACCESS_KEY;
    const sessionToken = process.env.AWS_SESSION_TOKEN;
    if (accessKeyId === undefined || secretAccessKey === undefined) {
      throw new Error("environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY must be set");
    }
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    };
  };
}

/** The same for `@aws-sdk/token-providers`: requests are signed, and no bearer token is ever sought. */
export function nodeProvider(): never {
  throw new Error("the bundle knows no bearer tokens");
}

export { nodeProvider as fromEnvSigningName };

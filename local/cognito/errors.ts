/** An error in Cognito's own JSON form; `code` is what the AWS SDK makes the error's name. */
export class CognitoError extends Error {
  readonly code: string;
  readonly status: 400 | 501;

  constructor(code: string, message: string, status: 400 | 501 = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const invalidParameter = (message: string) =>
  new CognitoError("InvalidParameterException", message);

export const notAuthorized = (message: string) =>
  new CognitoError("NotAuthorizedException", message);

export const notFound = (message: string) => new CognitoError("ResourceNotFoundException", message);

export const notImplemented = (what: string) =>
  new CognitoError(
    "NotImplementedException",
    `The embedded Cognito does not implement ${what}.`,
    501,
  );

/** An OAuth access token of Google Cloud. */
export interface AccessToken {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Base URLs of the APIs that hand tokens out, without a slash at the end. */
export interface GoogleEndpoints {
  readonly sts: string;
  readonly iamCredentials: string;
}

export const GOOGLE_ENDPOINTS: GoogleEndpoints = {
  sts: 'https://sts.googleapis.com',
  iamCredentials: 'https://iamcredentials.googleapis.com',
};

/** Such tokens are good for what their holder may do: this scope leaves that to IAM. */
export const CLOUD_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

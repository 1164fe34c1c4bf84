import { EngineUnavailableError, InvalidRequestError, TimeoutError } from '../../../errors.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';
import { explainRights, readRights } from './socket-rights.ts';

/** Why an engine cannot be reached, by the code of the failure: each gets its own words, and what mends it. */
const reasons: readonly (readonly [code: RegExp, says: string, hint?: string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens at the address of the engine', 'Is the daemon running?'],
  [/^(?:ENOTFOUND|EAI_\w+)$/, 'the host of the engine has no address', 'Check DOCKER_HOST.'],
  [/^E(?:HOST|NET)UNREACH$|^ETIMEDOUT$/, 'the host of the engine cannot be reached', 'Check DOCKER_HOST.'],
  [/^EAGAIN$/, 'the engine leaves its connections waiting', 'The daemon hangs or is stopped; see its log.'],
  [/^(?:ECONNRESET|EPIPE)$/, 'what listens there breaks off before it has answered'],
  [/^HPE_/, 'what listens there does not speak HTTP', 'If it speaks TLS, set DOCKER_TLS_VERIFY=1.'],
  [/^EPROTO$|^ERR_SSL_WRONG/, 'what listens there does not speak TLS', 'Unset DOCKER_TLS_VERIFY if it should not.'],
  [/^ERR_SSL_\w*ALERT/, 'the engine does not accept our certificate', 'Check DOCKER_CERT_PATH.'],
  [
    /CERT|^ERR_TLS|^UNABLE_TO|^DEPTH_ZERO|^HOSTNAME_MISMATCH/,
    "the engine's certificate is not to be trusted",
    'Check ca.pem in DOCKER_CERT_PATH, and the host in DOCKER_HOST.',
  ],
];

/** What a failure of the first request means; what is no failure of the connection stays as it is. */
export function explainFailure(error: unknown, endpoint: Endpoint, timeoutMs: number): unknown {
  const where = formatEndpoint(endpoint);
  if (error instanceof TimeoutError) {
    const accepts = endpoint.kind === 'unix' ? 'accepts connections but ' : '';
    return new EngineUnavailableError(`the engine at ${where} ${accepts}does not answer within ${timeoutMs / 1000} s`, {
      cause: error,
      hint: 'The daemon hangs or is stopped; see its log.',
    });
  }
  const cause = error instanceof EngineUnavailableError ? error.cause : undefined;
  if (cause instanceof SyntaxError)
    return new EngineUnavailableError(`what listens at ${where} is no container engine`, { cause });
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (endpoint.kind === 'unix' && /^(?:EACCES|EPERM)$/.test(code)) return noPermission(endpoint.path, cause);
  // OpenSSL cannot make anything of the files.
  if (cause instanceof Error && code.startsWith('ERR_OSSL_'))
    return new InvalidRequestError([{ name: 'DOCKER_CERT_PATH', problem: `not to be used: ${cause.message}` }]);
  const [, says, hint] = reasons.find(([pattern]) => pattern.test(code)) ?? [];
  if (says === undefined) return error;
  const reason = /CERT|SSL|TLS|PROTO/.test(code) && cause instanceof Error ? `: ${cause.message}` : '';
  return new EngineUnavailableError(`${says} (${where})${reason}`, { cause, hint });
}

/** Also for a socket that cannot be looked at. */
export function noPermission(path: string, cause: unknown): EngineUnavailableError {
  const { says, hint } = explainRights(readRights(path));
  return new EngineUnavailableError(`no permission to use the engine's socket ${path}: ${says}`, { cause, hint });
}

import { egressProblem } from '../../domain/notifications/egress-policy.js';

/**
 * What is wrong with the endpoint of a subscription, as a sentence that does not tell it, or undefined. It comes from a
 * client, and this server will send to it.
 */
export function endpointProblem(endpoint: string, allowPrivate: boolean): string | undefined {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    return 'endpoint must be the https address of a push service';
  return egressProblem(endpoint, allowPrivate) === undefined
    ? undefined
    : 'endpoint is at an address that this server does not send to';
}

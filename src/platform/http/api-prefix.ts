/** The prefix of the paths of the REST API. */
export const API_PREFIX = 'api/v1';

/** What the paths of the REST API begin with. */
export const API_PREFIX = 'api/v1';

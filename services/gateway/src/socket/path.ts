/** Where the native socket is. */
export const SOCKET_PATH = '/v1/ws';

/** No command is longer on the wire: a batch of BATCH_ITEMS_MAX orders, every field at its longest. */
export const COMMAND_BYTES_MAX = 11_496;

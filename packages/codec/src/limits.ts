/** No command is longer on the wire: a batch of BATCH_ITEMS_MAX orders, every field and what was signed at their longest. */
export const COMMAND_BYTES_MAX = 44_276;

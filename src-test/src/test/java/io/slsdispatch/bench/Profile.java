package io.slsdispatch.bench;

/** What log groups look like. */
enum Profile {
    /** About 5 KB: an agent that sends often. */
    SMALL(20, 4),

    /** About 250 KB: an agent that sends when it has much. */
    LARGE(1000, 8);

    private static final int LEAST_SHARDS = 4;

    private static final long MEGABYTE = 1 << 20;

    private final int logs;
    private final int megabytesPerShard;

    Profile(int logs, int megabytesPerShard) {
        this.logs = logs;
        this.megabytesPerShard = megabytesPerShard;
    }

    /** Logs in one group. */
    int logs() {
        return logs;
    }

    /** How much a source is filled with, to be read again and again: some pulls of the usual size for each shard. */
    long backlogBytes(int shards) {
        return (long) Math.max(shards, LEAST_SHARDS) * megabytesPerShard * MEGABYTE;
    }

    /** As reports and the command line call it. */
    String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}

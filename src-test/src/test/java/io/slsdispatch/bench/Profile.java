package io.slsdispatch.bench;

/** What log groups look like. */
enum Profile {
    /** About 5 KB: an agent that sends often. */
    SMALL(20, 64),

    /** About 250 KB: an agent that sends when it has much. */
    LARGE(1000, 128);

    private final int logs;
    private final int backlogMegabytes;

    Profile(int logs, int backlogMegabytes) {
        this.logs = logs;
        this.backlogMegabytes = backlogMegabytes;
    }

    /** Logs in one group. */
    int logs() {
        return logs;
    }

    /** How much a source is filled with; it is read again and again. */
    long backlogBytes() {
        return backlogMegabytes * 1_000_000L;
    }

    /** As reports and the command line call it. */
    String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}

package io.slsdispatch.connector.client.exchange;

/** What calls of one kind may take. */
enum CallType {
    /** Brings groups. The service gives some 10 MB at most ("PullLogs"); the limit keeps a wrong length from taking all memory. */
    PULL(64 << 20, true),

    /** Brings nothing but its head. */
    PUT(1 << 20, true),

    /**
     * Looks up or administers. Some thousand shards are listed in 1 MB. Needs no turn: its caller waits for it, so there are
     * no more of them than threads, and pulls and puts that hang must not keep it from the service.
     */
    CONTROL(8 << 20, false);

    private final int maxBody;
    private final boolean takesTurn;

    CallType(int maxBody, boolean takesTurn) {
        this.maxBody = maxBody;
        this.takesTurn = takesTurn;
    }

    /** The most bytes of an answer. */
    int maxBody() {
        return maxBody;
    }

    boolean takesTurn() {
        return takesTurn;
    }
}

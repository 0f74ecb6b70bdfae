package io.slsdispatch.local.settings;

/**
 * A quota: limits for writes and reads. Shard limits hold for each second, project limits for each minute.
 *
 * @param shardWriteBytes bytes written to a shard in a second
 * @param shardWriteCalls puts to a shard in a second
 * @param shardReadBytes bytes read from a shard in a second
 * @param shardReadCalls pulls of a shard in a second
 * @param projectWriteBytes bytes written to a project in a minute
 * @param projectWriteCalls puts to a project in a minute
 * @param projectReadCalls pulls of a project in a minute
 * @param countCompressed whether bytes are counted as sent instead of raw; the service's documentation does not specify
 *     which
 */
public record Quota(
        long shardWriteBytes,
        long shardWriteCalls,
        long shardReadBytes,
        long shardReadCalls,
        long projectWriteBytes,
        long projectWriteCalls,
        long projectReadCalls,
        boolean countCompressed) {

    private static final long MB = 1024 * 1024;

    /** No limits. */
    public static final Quota NONE = new Quota(
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            false);

    /** The limits for a logstore with an index, from the service's pages "Data read and write" and "Limits". */
    public static final Quota OF_THE_SERVICE =
            new Quota(5 * MB, 500, 20 * MB, 100, 100 * 1024 * MB, 600_000, 600_000, false);

    /** Returns a copy with other limits for a shard's writes. */
    public Quota withShardWrites(long bytes, long calls) {
        return new Quota(
                bytes,
                calls,
                shardReadBytes,
                shardReadCalls,
                projectWriteBytes,
                projectWriteCalls,
                projectReadCalls,
                countCompressed);
    }

    /** Returns a copy with other limits for a shard's reads. */
    public Quota withShardReads(long bytes, long calls) {
        return new Quota(
                shardWriteBytes,
                shardWriteCalls,
                bytes,
                calls,
                projectWriteBytes,
                projectWriteCalls,
                projectReadCalls,
                countCompressed);
    }

    /** Returns a copy with other limits for a project. */
    public Quota withProject(long writeBytes, long writeCalls, long readCalls) {
        return new Quota(
                shardWriteBytes,
                shardWriteCalls,
                shardReadBytes,
                shardReadCalls,
                writeBytes,
                writeCalls,
                readCalls,
                countCompressed);
    }

    /** Returns a copy that counts bytes as sent, or raw. */
    public Quota countingCompressed(boolean compressed) {
        return new Quota(
                shardWriteBytes,
                shardWriteCalls,
                shardReadBytes,
                shardReadCalls,
                projectWriteBytes,
                projectWriteCalls,
                projectReadCalls,
                compressed);
    }
}

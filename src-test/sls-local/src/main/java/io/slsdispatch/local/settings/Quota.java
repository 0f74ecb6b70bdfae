package io.slsdispatch.local.settings;

/**
 * How much may be written and read. Shard limits hold for each second, project limits for each minute.
 *
 * @param shardWriteBytes bytes written to a shard in a second
 * @param shardWriteCalls puts to a shard in a second
 * @param shardReadBytes bytes read from a shard in a second
 * @param shardReadCalls pulls of a shard in a second
 * @param projectWriteBytes bytes written to a project in a minute
 * @param projectWriteCalls puts to a project in a minute
 * @param projectReadCalls pulls of a project in a minute
 * @param countCompressed whether bytes are counted as sent instead of raw; the service does not say which it does
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

    /** What the service's pages "Data read and write" and "Limits" give for a logstore with an index. */
    public static final Quota OF_THE_SERVICE =
            new Quota(5 * MB, 500, 20 * MB, 100, 100 * 1024 * MB, 600_000, 600_000, false);

    /** The same with other limits for a shard's writes. */
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

    /** The same with other limits for a shard's reads. */
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

    /** The same with other limits for a project. */
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

    /** The same with bytes counted as sent, or raw. */
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

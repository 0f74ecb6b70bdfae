package io.slsdispatch.connector.sink;

/**
 * How much may travel in one request.
 *
 * @param groups the most groups
 * @param bytes the most bytes together, before compression; one group alone may have more
 */
public record BatchLimits(int groups, long bytes) {

    /** One group per request. */
    public static final BatchLimits SINGLE = new BatchLimits(1, Long.MAX_VALUE);

    /**
     * What is safe for {@code batch_group}. The service documents no limit of its own for it; a request of 10 MB is the
     * limit for all bodies, and half of that leaves room for whichever way it is counted.
     */
    public static final BatchLimits LIST = new BatchLimits(1000, 5_000_000);

    /** Whether a request with these is within the limits. */
    public boolean allow(int groups, long bytes) {
        return groups <= this.groups && bytes <= this.bytes;
    }
}

package io.slsdispatch.job.probe;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.connection.RawCalls;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Sends all requests of a probe, and keeps its bounds. After it has stopped for any reason, only the requests that delete
 * what the probe created are sent, of which there is a fixed number.
 */
final class MeteredCalls {

    static final int MOST_LOGSTORES = 3;
    static final int MOST_GROUPS = 40;
    static final long MOST_RAW_BYTES = 200_000_000;
    static final int MOST_REQUESTS = 3000;
    static final Duration MOST_TIME = Duration.ofMinutes(15);

    /** Of the requests that no bound stops: deletions, with their repeats. */
    private static final int MOST_CLEANING = 200;

    /** Sends one request, as {@link RawCalls#call}. */
    interface Sender {
        RawCalls.Response call(RawCalls.Request request) throws SlsException, InterruptedException;
    }

    private final Waits waits;
    private final CountDownLatch stopped;
    private final long began;
    private int requests;
    private int cleaning;
    private long rawBytes;
    private int logstores;
    private int groups;

    /** @param stopped counted down when the probe is interrupted */
    MeteredCalls(Waits waits, CountDownLatch stopped) {
        this.waits = waits;
        this.stopped = stopped;
        this.began = waits.nanoTime();
    }

    /**
     * Sends one request.
     *
     * @param raw number of bytes of log groups in it, before compression
     * @throws StoppedException when a bound would be exceeded, or the service throttles
     */
    Reply send(Sender sender, RawCalls.Request request, long raw) throws StoppedException, InterruptedException {
        if (waits.nanoTime() - began >= MOST_TIME.toNanos()) {
            throw new StoppedException("the probe may take 15 min");
        }
        if (stopped.getCount() == 0) {
            throw new StoppedException("interrupted");
        }
        if (requests >= MOST_REQUESTS) {
            throw new StoppedException("the probe may send " + MOST_REQUESTS + " requests");
        }
        if (rawBytes + raw > MOST_RAW_BYTES) {
            throw new StoppedException("the probe may write 200 MB");
        }
        requests++;
        rawBytes += raw;
        Reply reply = exchange(sender, request);
        // A quota error of a call that creates something is a limit on their number, however it is classified.
        if (reply.isRefused(ErrorKind.THROTTLED) && !request.operation().startsWith("Create")) {
            throw new StoppedException("the service throttles (" + reply.text() + ")");
        }
        return reply;
    }

    /** Sends a request that deletes what the probe created, or that is needed for it. */
    Reply sendCleaning(Sender sender, RawCalls.Request request) throws StoppedException, InterruptedException {
        if (cleaning >= MOST_CLEANING) {
            throw new StoppedException("the probe may send " + MOST_CLEANING + " requests to clean up");
        }
        cleaning++;
        return exchange(sender, request);
    }

    private static Reply exchange(Sender sender, RawCalls.Request request) throws InterruptedException {
        try {
            return Reply.of(sender.call(request));
        } catch (SlsException e) {
            return Reply.of(e);
        }
    }

    /** Counts a logstore that is about to be created. */
    void countLogstore() throws StoppedException {
        if (logstores >= MOST_LOGSTORES) {
            throw new StoppedException("the probe may create " + MOST_LOGSTORES + " logstores");
        }
        logstores++;
    }

    /** Whether one more consumer group may be created; counts it. */
    boolean countGroup() {
        groups++;
        return groups <= MOST_GROUPS;
    }

    Waits waits() {
        return waits;
    }

    int requests() {
        return requests;
    }
}

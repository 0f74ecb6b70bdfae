package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.CategoryStripper;
import io.slsdispatch.connector.put.GroupSplitter;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutContext;
import io.slsdispatch.connector.put.PutEngine;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.put.PutItems;
import io.slsdispatch.connector.put.PutListener;
import io.slsdispatch.connector.put.PutPolicy;
import io.slsdispatch.connector.put.PutPolicy.Adaptation;
import io.slsdispatch.connector.put.PutPolicy.BatchLimits;
import io.slsdispatch.connector.put.PutPolicy.Limits;
import io.slsdispatch.connector.put.PutPolicy.Linger;
import io.slsdispatch.connector.put.PutPolicy.Patience;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.TargetQueue.Piece;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queue of dead letters for one target. A target that denies access, does not exist, or does not respond for too long
 * is abandoned: nothing more is sent to it in this run. Not thread-safe.
 */
final class TargetQueue implements PutListener<Piece> {

    /** Retry limit when the configuration sets none: a job retries forever, an interactive command must not. */
    private static final Duration PATIENCE = Retrier.LIMIT;

    /** How long after its time-out a client may complete a request. */
    private static final Duration GRACE_OF_CLIENTS = Duration.ofSeconds(10);

    /**
     * A dead letter and its target.
     *
     * @param id id of the dead letter; computing it takes a digest of the whole dead letter
     */
    record Addressed(String id, DeadLetter letter, Target target) {}

    /** Receiver of the outcome of each dead letter. */
    interface Receiver {

        /** The service has acknowledged every byte of it. */
        void sent(Addressed letter);

        /** The target refuses it. */
        void refused(Addressed letter, String reason);

        /** It could not be sent in this run, or it is not known whether it was. */
        void notSent(Addressed letter, String reason);

        /** Reports a message to the waiting user. */
        void says(String line);
    }

    /** A pending dead letter. It may be sent in pieces, when its target accepts only smaller groups. */
    private static final class Item {

        private final Addressed letter;
        private int open = 1;
        private @Nullable String refusal;
        private @Nullable String hindrance;

        Item(Addressed letter) {
            this.letter = letter;
        }
    }

    /**
     * A log group to put.
     *
     * @param item the dead letter
     * @param group the group of the dead letter, or a part of it
     */
    record Piece(Item item, RawLogGroup group) {}

    private final SinkConfig config;
    private final Receiver receiver;
    private final Duration patience;
    private final InFlightBuffer buffer;
    private final PutContext context;
    private final PutEngine<Piece> engine;
    private final CategoryStripper categoryStripper = new CategoryStripper();
    private String givenUp = "";

    /** @param context context with its own buffer, which the configuration of the target limits */
    TargetQueue(Target target, PutContext context, Receiver receiver) {
        this.config = target.config();
        this.receiver = receiver;
        this.context = context;
        this.buffer = context.buffer();
        RetryPolicy retry = config.retry();
        Duration configured = retry.giveUpAfter();
        this.patience = configured == null ? PATIENCE : configured;
        SinkConfig.Delivery delivery = config.delivery();
        Limits limits = new Limits(
                delivery.ordered() ? 1 : delivery.maxInFlightRequests(),
                false,
                delivery.batching() ? BatchLimits.LIST : BatchLimits.SINGLE,
                Adaptation.CONCURRENCY,
                Linger.UNTIL_FLUSH);
        PutPolicy policy = new PutPolicy(
                false,
                limits,
                retry.givingUpAfter(patience),
                Patience.PER_TARGET,
                Outage.BLOCK,
                target.connection().network().requestTimeout().plus(GRACE_OF_CLIENTS),
                delivery.compression());
        this.engine = new PutEngine<>(
                config.logstore(), policy, new Pieces(new GroupSplitter(config.logstore())), this, context);
    }

    /** Adds a dead letter; it is settled at once when the target is abandoned. */
    void add(Addressed letter) {
        RawLogGroup group = letter.letter().group();
        engine.add(
                new Piece(new Item(letter), config.delivery().cutCategory() ? categoryStripper.apply(group) : group));
    }

    /** Sends groups that wait for a batch to fill. */
    void flush() {
        engine.flush();
    }

    boolean isFull() {
        return buffer.bytes() > config.delivery().maxBufferedBytes();
    }

    boolean isIdle() {
        return engine.isIdle();
    }

    /** Fails requests that are overdue. */
    void check() throws IOException {
        engine.check();
    }

    /**
     * Abandons the target: nothing more is sent, and pending dead letters are settled as not sent. Requests in flight
     * are settled when their response arrives.
     */
    void giveUp(String reason) {
        if (givenUp.isEmpty()) {
            givenUp = reason;
            engine.giveUp();
        }
    }

    @Override
    public void acknowledged(List<Piece> pieces) {
        pieces.forEach(this::settle);
    }

    @Override
    public void rejected(Piece piece, SlsException reason) {
        piece.item.refusal = reason.getMessage();
        leave(piece);
    }

    @Override
    public void notDelivered(Piece piece, @Nullable SlsException lastError) {
        piece.item.hindrance = givenUp;
        leave(piece);
    }

    @Override
    public void split(Piece whole, List<Piece> parts) {
        whole.item.open += parts.size() - 1;
    }

    @Override
    public void exhausted(Exhausted why, SlsException error) {
        giveUp(
                switch (why) {
                    case UNCONFIRMED ->
                        PutErrors.MOST_UNCONFIRMED
                                + " consecutive puts succeeded without the response header x-log-requestid, so they may"
                                + " not be stored. A proxy or gateway removes this header: configure it to pass all"
                                + " x-log-* response headers, or connect without it";
                    case DENIED -> String.valueOf(error.getMessage());
                    default -> "it accepted nothing for " + Durations.text(patience) + ": " + error.getMessage();
                });
    }

    @Override
    public void broke(Throwable error) {
        throw new IllegalStateException("a put failed with an error that is not from the service", error);
    }

    @Override
    public void retries(int failures, boolean transientError, SlsException error, @Nullable Duration left) {
        if (failures == 1) {
            receiver.says("target " + config.name() + ": retrying: " + error.getMessage());
        }
    }

    @Override
    public void listsSwitchedOff() {
        receiver.says(
                "target " + config.name() + ": rejects requests with several log groups; sending one per request");
    }

    private void leave(Piece piece) {
        buffer.leave(piece.group.length(), context.thread().now());
        settle(piece);
    }

    /** Settles a piece; the last piece settles the dead letter. */
    private void settle(Piece piece) {
        Item item = piece.item;
        item.open--;
        if (item.open > 0) {
            return;
        }
        if (item.refusal != null) {
            receiver.refused(item.letter, item.refusal);
        } else if (item.hindrance != null) {
            receiver.notSent(item.letter, item.hindrance);
        } else {
            receiver.sent(item.letter);
        }
    }

    /** Access to the pieces for the put engine. */
    private record Pieces(GroupSplitter splitter) implements PutItems<Piece> {

        @Override
        public int bytes(Piece piece) {
            return piece.group.length();
        }

        @Override
        public List<RawLogGroup> groups(List<Piece> pieces) {
            return pieces.stream().map(Piece::group).toList();
        }

        @Override
        public boolean areGroups() {
            return true;
        }

        @Override
        public List<Piece> split(Piece piece) {
            return splitter.halves(piece.group).stream()
                    .map(part -> new Piece(piece.item, part))
                    .toList();
        }
    }
}

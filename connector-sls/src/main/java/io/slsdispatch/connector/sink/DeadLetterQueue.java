package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutEngine;
import io.slsdispatch.connector.put.PutItems;
import io.slsdispatch.connector.put.PutListener;
import io.slsdispatch.connector.put.PutPolicy;
import io.slsdispatch.connector.put.PutPolicy.Adaptation;
import io.slsdispatch.connector.put.PutPolicy.BatchLimits;
import io.slsdispatch.connector.put.PutPolicy.Limits;
import io.slsdispatch.connector.put.PutPolicy.Linger;
import io.slsdispatch.connector.put.PutPolicy.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters to their logstore. A group counts as settled only after its dead letter is stored. Dead letters
 * have an engine of their own, so that they are stored while the target accepts nothing. Task thread only.
 */
@Internal
public final class DeadLetterQueue {

    private static final int MAX_REQUESTS = 2;

    /**
     * The limits of one request: large enough that there are few requests, small enough that many writers may have some
     * in flight.
     */
    private static final BatchLimits REQUEST = new BatchLimits(1_000, 1_500_000);

    /** Receives the results of dead letters. */
    public interface End {

        /** It is stored. */
        void stored(DeadLetter deadLetter);

        /** The dead-letter logstore never accepts it, and it is dropped as configured. */
        void dropped(DeadLetter deadLetter, SlsException reason);
    }

    /** One log of a dead letter. */
    private record Chunk(Entry entry, int number) {}

    private final LogstoreId logstore;
    private final SinkMessages messages;
    private final Failure failure;
    private final OnRefusal onRefusal;

    // Random numbers distinguish attempts; the generator may be that of the current thread.
    private final DeadLetterEncoder encoder =
            new DeadLetterEncoder(() -> ThreadLocalRandom.current().nextLong());

    /** Without a limit: the writer's own buffer holds the groups of dead letters until these are stored. */
    private final InFlightBuffer buffer = new InFlightBuffer(Long.MAX_VALUE, Duration.ofDays(1));

    private final Chunks chunks = new Chunks();
    private final PutEngine<Chunk> engine;

    /** @param parts of the target; of its buffer and metrics only those of the dead letters are used */
    public DeadLetterQueue(SinkParts parts, DeadLetterStore store) {
        this.logstore = store.logstore();
        this.messages = parts.messages();
        this.failure = parts.failure();
        this.onRefusal = store.onRefusal();
        PutPolicy policy = new PutPolicy(
                false,
                new Limits(MAX_REQUESTS, true, REQUEST, Adaptation.NONE, Linger.NONE),
                parts.config().retry(),
                Patience.PER_BATCH,
                Outage.BLOCK,
                parts.deadline(),
                parts.config().delivery().compression());
        this.engine = new PutEngine<>(
                store.logstore(),
                policy,
                chunks,
                new Ends(),
                parts.context(buffer, parts.metrics().ofDeadLetters()));
    }

    /** Adds a dead letter, which is stored as soon as there is a slot. */
    public void add(DeadLetter deadLetter, End end) {
        Entry entry = new Entry(deadLetter, end, encoder);
        engine.addAll(IntStream.range(0, entry.chunks)
                .mapToObj(number -> new Chunk(entry, number))
                .toList());
    }

    /** Whether no dead letter is pending. */
    public boolean isIdle() {
        return engine.isIdle();
    }

    /** Ends overdue requests. */
    public void check() throws IOException {
        engine.check();
    }

    /** Stops sending, and ignores all answers from now on. */
    public void close() {
        engine.close();
    }

    /** A pending dead letter, which is written chunk by chunk. */
    private static final class Entry {

        private final DeadLetter deadLetter;
        private final End end;
        private final DeadLetterEncoder encoder;
        private final int chunks;
        private DeadLetterEncoder.@Nullable Encoded encoded;
        private int logBytes;
        private int stored;
        private boolean refused;

        Entry(DeadLetter deadLetter, End end, DeadLetterEncoder encoder) {
            this.deadLetter = deadLetter;
            this.end = end;
            this.encoder = encoder;
            this.chunks = encoder.chunks(deadLetter);
        }

        /**
         * Kept only if there are several chunks, which must belong to one copy; otherwise encoded again for each
         * attempt.
         */
        DeadLetterEncoder.Encoded encoded() {
            if (encoded != null) {
                return encoded;
            }
            DeadLetterEncoder.Encoded made = encoder.encode(deadLetter);
            if (chunks > 1) {
                encoded = made;
            }
            return made;
        }

        int logBytes(int chunk) {
            if (chunks > 1) {
                return encoded().logBytesAtMost(chunk);
            }
            if (logBytes == 0) {
                logBytes = encoded().logBytesAtMost(0);
            }
            return logBytes;
        }
    }

    /**
     * Each request is a log group whose logs are chunks. It is encoded for each attempt, since many of them may wait.
     */
    private static final class Chunks implements PutItems<Chunk> {

        @Override
        public int bytes(Chunk chunk) {
            return chunk.entry.deadLetter.group().length() / chunk.entry.chunks;
        }

        @Override
        public int requestBytes(Chunk chunk) {
            return chunk.entry.logBytes(chunk.number);
        }

        @Override
        public List<RawLogGroup> groups(List<Chunk> chunks) {
            byte[] group = DeadLetterEncoder.group(chunks.stream()
                    .map(chunk -> chunk.entry.encoded().log(chunk.number))
                    .toList());
            RawLogGroup first = chunks.get(0).entry.deadLetter.group();
            return List.of(new RawLogGroup(
                    group, 0, group.length, DeadLetterEncoder.TOPIC, first.shard(), first.cursor(), first.index()));
        }

        @Override
        public boolean areGroups() {
            return false;
        }
    }

    /** Handles the results of chunks. */
    private final class Ends implements PutListener<Chunk> {

        private boolean warnedOfZstd;

        @Override
        public void zstdSwitchedOff(SlsException refusal) {
            if (!warnedOfZstd) {
                warnedOfZstd = true;
                messages.zstdSwitchedOff(logstore, refusal);
            }
        }

        @Override
        public void acknowledged(List<Chunk> chunks) {
            for (Chunk chunk : chunks) {
                Entry entry = chunk.entry;
                entry.stored++;
                if (entry.stored == entry.chunks && !entry.refused) {
                    entry.end.stored(entry.deadLetter);
                }
            }
        }

        @Override
        public void rejected(Chunk chunk, SlsException reason) throws IOException {
            buffer.remove(chunks.bytes(chunk));
            Entry entry = chunk.entry;
            if (onRefusal == OnRefusal.FAIL) {
                failure.fail(messages.deadLetterRejected(entry.deadLetter.reason(), reason));
            }
            if (!entry.refused) {
                entry.refused = true;
                if (entry.chunks > 1) {
                    engine.withdraw(other -> other.entry == entry);
                }
                entry.end.dropped(entry.deadLetter, reason);
            }
        }

        @Override
        public void notDelivered(Chunk chunk, @Nullable SlsException lastError) {
            throw new IllegalStateException("the circuit breaker of a dead-letter queue never opens");
        }

        @Override
        public void exhausted(Exhausted why, SlsException error) throws IOException {
            failure.fail(
                    why == Exhausted.UNCONFIRMED
                            ? messages.deadLettersUnconfirmed(error)
                            : messages.exhausted(why, error));
        }

        @Override
        public void broke(Throwable error) throws IOException {
            failure.fail(messages.unexpected(error));
        }

        @Override
        public void retries(int failures, boolean transientError, SlsException error, @Nullable Duration left) {
            messages.retries(logstore, failures, transientError, error, left);
        }
    }
}

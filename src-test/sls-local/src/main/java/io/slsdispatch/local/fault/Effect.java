package io.slsdispatch.local.fault;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The effect of a fault on a call. */
public sealed interface Effect {

    /** When an effect takes place: before the call has changed anything, or after it has, in place of the response. */
    enum Moment {
        BEFORE,
        AFTER
    }

    /** An effect that takes place at a moment of a call. */
    sealed interface Timed extends Effect {

        Moment moment();
    }

    /**
     * A delay: the call takes effect later (before), or its response is sent later (after).
     *
     * @param time minimum time
     * @param jitter maximum time that is added, uniformly at random
     */
    record Delay(Duration time, Duration jitter, Moment moment) implements Timed {

        public Delay {
            checkNotNegative("delay", time);
            checkNotNegative("jitter", jitter);
        }

        /** Delays the response by a fixed time. */
        public Delay(Duration time) {
            this(time, Duration.ZERO, Moment.AFTER);
        }
    }

    /**
     * A late write: a put is acknowledged at once, and its groups are written to its shard only later, even if that
     * shard is read-only by then. Until then the groups are in no shard, no cursor counts them, and they are lost if
     * the process ends.
     *
     * @param time minimum time
     * @param jitter maximum time that is added, uniformly at random
     */
    record LateWrite(Duration time, Duration jitter) implements Effect {

        public LateWrite {
            checkNotNegative("delay of the late write", time);
            checkNotNegative("jitter", jitter);
        }

        /** A write that is late by a fixed time. */
        public LateWrite(Duration time) {
            this(time, Duration.ZERO);
        }
    }

    /** A hang: no response is sent, and the connection stays open. */
    record Hang(Moment moment) implements Timed {}

    /** The response is an error. */
    record Refuse(int status, String code, String message, Moment moment) implements Timed {

        public Refuse {
            check(status >= 100 && status <= 599, "status %d: expected 100 to 599", status);
        }
    }

    /**
     * A response that is not the service's, such as one of a gateway or proxy.
     *
     * @param contentType of the body
     * @param body in UTF-8
     * @param requestId whether the response still has the service's {@code x-log-requestid}
     */
    record Answer(int status, String contentType, String body, boolean requestId, Moment moment) implements Timed {

        public Answer {
            check(status >= 200 && status <= 599, "status %d: expected 200 to 599", status);
            check(!contentType.isBlank(), "content type '%s': expected a value that is not blank", contentType);
        }

        /** A response without request id, before the call takes effect. */
        public Answer(int status, String contentType, String body) {
            this(status, contentType, body, false, Moment.BEFORE);
        }
    }

    /** A reset: no response is sent, and the connection is reset. */
    record Reset(Moment moment) implements Timed {}

    /** A part of a response that can be endless. */
    enum Part {
        /** Interim responses, {@code 100 Continue}, and never the final response. */
        INTERIM,
        /** One header line. */
        LINE,
        /** Header lines. */
        HEAD,
        /** The extension of the first chunk of the body. */
        EXTENSION,
        /** Chunks of the body. */
        BODY,
        /** Header lines after the last chunk of the body. */
        TRAILERS
    }

    /**
     * An endless response, with status 200 and a request id.
     *
     * @param part the part that is endless
     * @param bytesPerSecond how fast it is sent; {@code Long.MAX_VALUE} for as fast as the client reads
     */
    record Endless(Part part, long bytesPerSecond, Moment moment) implements Timed {

        public Endless {
            check(bytesPerSecond > 0, "bytesPerSecond %d: expected more than 0", bytesPerSecond);
        }

        /** An endless response as fast as the client reads, before the call takes effect. */
        public Endless(Part part) {
            this(part, Long.MAX_VALUE, Moment.BEFORE);
        }
    }

    /** The head of the response is sent slowly, byte by byte; then the body is sent and the connection is closed. */
    record SlowHead(long bytesPerSecond) implements Effect {

        public SlowHead {
            check(bytesPerSecond > 0, "bytesPerSecond %d: expected more than 0", bytesPerSecond);
        }
    }

    /**
     * Limited bandwidth for the request's body and the response: the response begins when the body could have arrived
     * at this rate.
     */
    record Bandwidth(long bytesPerSecond) implements Effect {

        public Bandwidth {
            check(bytesPerSecond > 0, "bytesPerSecond %d: expected more than 0", bytesPerSecond);
        }
    }

    /**
     * A truncated response: only the first bytes of the body are sent.
     *
     * @param keep number of bytes; half of the body when empty
     * @param lengthMatches whether {@code Content-Length} is the size that is sent. If not, it is the full size, and
     *     the connection is closed early
     */
    record Truncate(OptionalInt keep, boolean lengthMatches) implements Effect {

        public Truncate {
            check(keep.orElse(0) >= 0, "keep %d: expected at least 0", keep.orElse(0));
        }
    }

    /** A corrupt response: every bit of the body is inverted, so that no client can mistake it for the original. */
    record Corrupt() implements Effect {}

    /**
     * A header of the response has a wrong value or is missing.
     *
     * @param name in lower case
     * @param value the value instead of the correct one, may be empty; null removes the header
     */
    record Header(String name, @Nullable String value) implements Effect {

        public Header {
            boolean lowerCase = name.equals(name.toLowerCase(Locale.ROOT));
            check(lowerCase && !name.isBlank(), "header name '%s': expected a lower-case name", name);
        }
    }

    /**
     * A number in a header of the response is wrong.
     *
     * @param name in lower case
     * @param plus what is added to the correct number
     */
    record HeaderPlus(String name, long plus) implements Effect {}

    /** The scope of a quota. */
    enum Limited {
        SHARD,
        PROJECT
    }

    /**
     * A quota: puts and pulls are refused while the limit is used up, as by the service: those of a shard with
     * ShardWriteQuotaExceed and ShardReadQuotaExceed, those of a project with WriteQuotaExceed and ReadQuotaExceed.
     *
     * @param per whether each shard or each project has the limit
     * @param bytes raw bytes in a window; a call is admitted while the window is not full
     * @param calls calls in a window
     * @param window length of a window, after which the count starts again
     */
    record Quota(Limited per, OptionalLong bytes, OptionalLong calls, Duration window) implements Effect {

        public Quota {
            check(bytes.isPresent() || calls.isPresent(), "quota: expected bytes or calls");
            check(bytes.orElse(0) >= 0, "quota of %d bytes: expected at least 0", bytes.orElse(0));
            check(calls.orElse(0) >= 0, "quota of %d calls: expected at least 0", calls.orElse(0));
            check(window.toMillis() > 0, "quota window of %d ms: expected at least 1 ms", window.toMillis());
        }
    }

    /** The response to a cursor that points to data that is gone. */
    enum ExpiredAnswer {
        /** InvalidCursor, even when the data still exists. */
        ERROR,
        /** An empty page whose next cursor is that of the oldest remaining data. Only for data that is gone. */
        MOVED,
        /** The oldest remaining data. Only for data that is gone. */
        SKIP
    }

    /** The cursor of a pull is expired. */
    record ExpiredCursor(ExpiredAnswer answer) implements Effect {}

    /** The service's clock is wrong, ahead if positive: requests with the correct time are refused. */
    record ClockSkew(Duration ahead) implements Effect {}

    /**
     * An access key is no longer valid.
     *
     * @param accessKeyId id of the key; any key when empty
     */
    record Revoke(Optional<String> accessKeyId) implements Effect {}

    /** The way in which a listing of shards is wrong. */
    enum Listing {
        /** Complete, but as it was when the fault was switched on, or some time ago. */
        STALE,
        /** In random order. */
        SHUFFLED,
        /** Some shards are left out. */
        PARTIAL
    }

    /**
     * ListShards returns a wrong listing.
     *
     * @param omit the shards that a partial listing leaves out; the second half of them when empty
     * @param ago age of a stale listing; when empty, it is as it was when the fault was switched on
     */
    record ShardList(Listing answer, List<Integer> omit, Optional<Duration> ago) implements Effect {

        public ShardList {
            omit = List.copyOf(omit);
            check(ago.isEmpty() || answer == Listing.STALE, "age of a listing that is %s: expected STALE", answer);
            checkNotNegative("age of a listing", ago.orElse(Duration.ZERO));
        }

        /** A listing that, if it is stale, is as it was when the fault was switched on. */
        public ShardList(Listing answer, List<Integer> omit) {
            this(answer, omit, Optional.empty());
        }

        /** A complete listing that is always this old. */
        public ShardList(Duration ago) {
            this(Listing.STALE, List.of(), Optional.of(ago));
        }
    }

    /** The cursors in responses that a fault changes. */
    enum CursorOf {
        /** Cursors that GetCursor returns for {@code begin}. */
        BEGIN,
        /** Cursors that GetCursor returns for {@code end}. */
        END,
        /** Cursors that GetCursor returns for a time. */
        TIME,
        /** The next cursor of a pull. */
        PULL
    }

    /** The spelling of a cursor: how its text differs from the usual one for the same number. */
    enum Spelling {
        USUAL,
        /** Base64 without padding at the end. */
        UNPADDED,
        /** With a newline at the end. Only for cursors in bodies. */
        NEWLINE
    }

    /**
     * Cursors in responses are stale or spelled differently.
     *
     * @param behind how much smaller their number is than the correct one; never below the shard's begin
     */
    record Cursor(CursorOf of, long behind, Spelling spelling) implements Effect {

        public Cursor {
            check(behind >= 0, "cursor %d behind: expected at least 0", behind);
            check(of != CursorOf.PULL || spelling != Spelling.NEWLINE, "cursor of a pull: no newline fits a header");
        }
    }

    /** Something that happens to the logstore that the fault names, or to its shard, while a call is served. */
    sealed interface Event extends Timed {

        /** Whether the event happens to a shard and not to a whole logstore. */
        default boolean isOfShard() {
            return true;
        }
    }

    /**
     * The shard is split.
     *
     * @param children number of new shards
     */
    record Split(int children, Moment moment) implements Event {

        public Split {
            check(children >= 2, "children %d: expected at least 2", children);
        }
    }

    /** The shard is merged with its right neighbour. */
    record Merge(Moment moment) implements Event {}

    /**
     * The oldest groups of the shard are dropped, as retention does.
     *
     * @param groups number of groups; all when empty
     */
    record Trim(OptionalLong groups, Moment moment) implements Event {}

    /**
     * A group is written to the shard, even if it is read-only: a late write.
     *
     * @param group a serialized LogGroup
     */
    record Append(byte[] group, Moment moment) implements Event {}

    /**
     * The cursor numbers of the shard jump, which leaves a hole: the number of the next group is larger by the size of
     * the hole than it would be otherwise. The end does not move until that group is written.
     *
     * @param size minimum size
     * @param maxSize maximum size; every order of magnitude between the two is equally likely
     */
    record Hole(long size, long maxSize, Moment moment) implements Event {

        /** Largest size. Interpreted as nanoseconds, like the numbers of a new shard, it is about 12 days. */
        public static final long LARGEST = 1_000_000_000_000_000L;

        public Hole {
            boolean ordered = 1 <= size && size <= maxSize && maxSize <= LARGEST;
            check(ordered, "hole of %d to %d: expected 1 <= size <= maxSize <= %d", size, maxSize, LARGEST);
        }

        /** A hole of a given size. */
        public Hole(long size) {
            this(size, size, Moment.BEFORE);
        }
    }

    /** An event that applies to the logstore as a whole. */
    sealed interface LogstoreEvent extends Event {
        @Override
        default boolean isOfShard() {
            return false;
        }
    }

    /** The logstore is deleted with all of its data. */
    record DeleteLogstore(Moment moment) implements LogstoreEvent {}

    /**
     * The logstore is deleted and recreated, empty, with new cursors and no consumer groups.
     *
     * @param shards number of its shards; when empty, as many as at its first creation
     */
    record RecreateLogstore(OptionalInt shards, Moment moment) implements LogstoreEvent {}

    private static void check(boolean holds, String form, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, form, values));
        }
    }

    private static void checkNotNegative(String what, Duration duration) {
        check(!duration.isNegative(), "%s of %d ms: expected at least 0", what, duration.toMillis());
    }
}

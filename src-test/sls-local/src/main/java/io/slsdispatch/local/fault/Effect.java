package io.slsdispatch.local.fault;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a fault does to a call. */
public sealed interface Effect {

    /** When an effect takes place: before the call has changed anything, or after it has, instead of the answer. */
    enum Moment {
        BEFORE,
        AFTER
    }

    /** An effect that takes place at a moment of a call. */
    sealed interface Timed extends Effect {

        Moment moment();
    }

    /**
     * The call takes effect later (before), or its answer comes later (after).
     *
     * @param time least time
     * @param jitter most time that is added, evenly at random
     */
    record Delay(Duration time, Duration jitter, Moment moment) implements Timed {

        public Delay {
            check(!time.isNegative() && !jitter.isNegative(), "a delay of %s with jitter of %s", time, jitter);
        }

        /** Lets the answer come later by a fixed time. */
        public Delay(Duration time) {
            this(time, Duration.ZERO, Moment.AFTER);
        }
    }

    /**
     * A put is acknowledged at once, and its groups come into the shard that took it only later, also when that shard is
     * read-only by then. Until then they are in no shard, no cursor counts them, and they do not outlive the process.
     *
     * @param time least time
     * @param jitter most time that is added, evenly at random
     */
    record LateWrite(Duration time, Duration jitter) implements Effect {

        public LateWrite {
            check(!time.isNegative() && !jitter.isNegative(), "a late write of %s with jitter of %s", time, jitter);
        }

        /** One that is late by a fixed time. */
        public LateWrite(Duration time) {
            this(time, Duration.ZERO);
        }
    }

    /** There is no answer, and the connection stays open. */
    record Hang(Moment moment) implements Timed {}

    /** The answer is an error. */
    record Refuse(int status, String code, String message, Moment moment) implements Timed {

        public Refuse {
            check(status >= 100 && status <= 599, "status %d", status);
        }
    }

    /**
     * Something that is not the service answers, as a gateway or proxy does.
     *
     * @param contentType of the body
     * @param body in UTF-8
     * @param requestId whether the answer has the service's {@code x-log-requestid} all the same
     */
    record Answer(int status, String contentType, String body, boolean requestId, Moment moment) implements Timed {

        public Answer {
            check(status >= 200 && status <= 599, "status %d", status);
            check(!contentType.isBlank(), "content type '%s'", contentType);
        }

        /** A page without request id, before the call took effect. */
        public Answer(int status, String contentType, String body) {
            this(status, contentType, body, false, Moment.BEFORE);
        }
    }

    /** There is no answer: the connection is reset. */
    record Reset(Moment moment) implements Timed {}

    /** A part of an answer that may have no end. */
    enum Part {
        /** Interim answers, {@code 100 Continue}, and never the answer. */
        INTERIM,
        /** One header line. */
        LINE,
        /** Header lines. */
        HEAD,
        /** The extension of the first chunk of the body. */
        EXTENSION,
        /** Chunks of the body. */
        BODY,
        /** Header lines behind the last chunk of the body. */
        TRAILERS
    }

    /**
     * The answer, of status 200 and with a request id, never comes to its end.
     *
     * @param part what has no end
     * @param bytesPerSecond how fast it comes; {@code Long.MAX_VALUE} as fast as the client takes it
     */
    record Endless(Part part, long bytesPerSecond, Moment moment) implements Timed {

        public Endless {
            check(bytesPerSecond > 0, "bytesPerSecond %d", bytesPerSecond);
        }

        /** One that comes as fast as the client takes it, before the call took effect. */
        public Endless(Part part) {
            this(part, Long.MAX_VALUE, Moment.BEFORE);
        }
    }

    /** The head of the answer travels slowly, byte by byte; then comes the body, and the connection ends. */
    record SlowHead(long bytesPerSecond) implements Effect {

        public SlowHead {
            check(bytesPerSecond > 0, "bytesPerSecond %d", bytesPerSecond);
        }
    }

    /** Body and answer travel slowly: the answer begins once the request's body could have arrived. */
    record Bandwidth(long bytesPerSecond) implements Effect {

        public Bandwidth {
            check(bytesPerSecond > 0, "bytesPerSecond %d", bytesPerSecond);
        }
    }

    /**
     * Only the first bytes of the answer's body come.
     *
     * @param keep how many; half of them when empty
     * @param lengthMatches whether {@code Content-Length} tells what is sent. If not, it tells the whole, and the
     *     connection ends early
     */
    record Truncate(OptionalInt keep, boolean lengthMatches) implements Effect {

        public Truncate {
            check(keep.orElse(0) >= 0, "keep %s", keep);
        }
    }

    /** Every bit of the answer's body is inverted, so that nobody can take it for what it was. */
    record Corrupt() implements Effect {}

    /**
     * A header of the answer is not what it should be.
     *
     * @param name in lower case
     * @param value instead of the right one, also an empty one; null takes the header away
     */
    record Header(String name, @Nullable String value) implements Effect {

        public Header {
            check(name.equals(name.toLowerCase(Locale.ROOT)) && !name.isBlank(), "header name '%s'", name);
        }
    }

    /**
     * A number in a header of the answer is wrong.
     *
     * @param name in lower case
     * @param plus what is added to the right number
     */
    record HeaderPlus(String name, long plus) implements Effect {}

    /** What a limit holds for. */
    enum Limited {
        SHARD,
        PROJECT
    }

    /**
     * Puts and pulls are refused while more was written or read than a limit, as the service does: those of a shard with
     * ShardWriteQuotaExceed and ShardReadQuotaExceed, those of a project with WriteQuotaExceed and ReadQuotaExceed.
     *
     * @param per whether each shard or each project has the limit
     * @param bytes raw bytes in a window; a call is let in while the window is not full
     * @param calls calls in a window
     * @param window for how long is counted before it starts again
     */
    record Quota(Limited per, OptionalLong bytes, OptionalLong calls, Duration window) implements Effect {

        public Quota {
            check(bytes.isPresent() || calls.isPresent(), "a quota without bytes and calls");
            check(bytes.orElse(0) >= 0 && calls.orElse(0) >= 0, "a quota of %s bytes and %s calls", bytes, calls);
            check(window.toMillis() > 0, "a window of %s", window);
        }
    }

    /** How a cursor that points at data which is gone is answered. */
    enum ExpiredAnswer {
        /** With InvalidCursor, also when the data is still there. */
        ERROR,
        /** With an empty page whose next cursor is that of the oldest data left. Only for data that is gone. */
        MOVED,
        /** With the oldest data left. Only for data that is gone. */
        SKIP
    }

    /** A pull meets an expired cursor. */
    record ExpiredCursor(ExpiredAnswer answer) implements Effect {}

    /** The service's clock is wrong by so much, ahead if positive: requests with the right time are refused. */
    record ClockSkew(Duration ahead) implements Effect {}

    /**
     * A key is not valid any more.
     *
     * @param accessKeyId which; any when empty
     */
    record Revoke(Optional<String> accessKeyId) implements Effect {}

    /** How a listing of shards is wrong. */
    enum Listing {
        /** Whole, but as it was when the fault was switched on, or some time ago. */
        STALE,
        /** In random order. */
        SHUFFLED,
        /** Some are left out. */
        PARTIAL
    }

    /**
     * ListShards does not tell the truth.
     *
     * @param omit the shards that a partial listing leaves out; the second half of them when empty
     * @param ago how long ago a stale listing was true; as when the fault was switched on when empty
     */
    record ShardList(Listing answer, List<Integer> omit, Optional<Duration> ago) implements Effect {

        public ShardList {
            omit = List.copyOf(omit);
            check(ago.isEmpty() || answer == Listing.STALE, "a time ago for an answer that is %s", answer);
            check(!ago.orElse(Duration.ZERO).isNegative(), "a listing as of %s ago", ago);
        }

        /** One that is as when the fault was switched on, if it is stale. */
        public ShardList(Listing answer, List<Integer> omit) {
            this(answer, omit, Optional.empty());
        }

        /** One that is whole and always so old. */
        public ShardList(Duration ago) {
            this(Listing.STALE, List.of(), Optional.of(ago));
        }
    }

    /** Which cursors of the service's answers a fault is about. */
    enum CursorOf {
        /** Those that GetCursor answers for {@code begin}. */
        BEGIN,
        /** Those that GetCursor answers for {@code end}. */
        END,
        /** Those that GetCursor answers for a time. */
        TIME,
        /** The next cursor of a pull. */
        PULL
    }

    /** How the text of a cursor differs from what the service usually writes, for the same number. */
    enum Spelling {
        USUAL,
        /** Base64 without the equals signs at the end. */
        UNPADDED,
        /** With a newline at the end. Only for cursors in bodies. */
        NEWLINE
    }

    /**
     * Cursors in answers are out of date or written in another way.
     *
     * @param behind how much smaller their number is than the right one; never below the shard's begin
     */
    record Cursor(CursorOf of, long behind, Spelling spelling) implements Effect {

        public Cursor {
            check(behind >= 0, "a cursor %d behind", behind);
            check(of != CursorOf.PULL || spelling != Spelling.NEWLINE, "a newline in a header");
        }
    }

    /** Something happens to the logstore that the fault is about, and its shard if it has one, while a call is served. */
    sealed interface Event extends Timed {

        /** Whether it happens to a shard, and not to a whole logstore. */
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
            check(children >= 2, "children %d", children);
        }
    }

    /** The shard is merged with its right neighbour. */
    record Merge(Moment moment) implements Event {}

    /**
     * The oldest groups of the shard are dropped, as retention does.
     *
     * @param groups how many; all when empty
     */
    record Trim(OptionalLong groups, Moment moment) implements Event {}

    /**
     * A group is written to the shard, also when it is read-only: a write that comes late.
     *
     * @param group a serialized LogGroup
     */
    record Append(byte[] group, Moment moment) implements Event {}

    /**
     * The numbers of the shard jump: the next group that it takes has a number that is larger than the one after the last
     * by the size of the hole. Until there is one, the end stays where it is.
     *
     * @param size least size
     * @param maxSize most, each order of magnitude between the two being as likely as the others
     */
    record Hole(long size, long maxSize, Moment moment) implements Event {

        /** Largest size; in nanoseconds, as the numbers of a new shard are, about twelve days. */
        public static final long LARGEST = 1_000_000_000_000_000L;

        public Hole {
            check(1 <= size && size <= maxSize && maxSize <= LARGEST, "a hole of %d to %d", size, maxSize);
        }

        /** A hole of a given size. */
        public Hole(long size) {
            this(size, size, Moment.BEFORE);
        }
    }

    /** The logstore is deleted with all that is in it. */
    record DeleteLogstore(Moment moment) implements Event {

        @Override
        public boolean isOfShard() {
            return false;
        }
    }

    /**
     * The logstore is deleted and made again, empty, with new cursors and no consumer groups.
     *
     * @param shards number of its shards; as many as at its first creation when empty
     */
    record RecreateLogstore(OptionalInt shards, Moment moment) implements Event {

        @Override
        public boolean isOfShard() {
            return false;
        }
    }

    private static void check(boolean holds, String form, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, form, values) + " makes no sense");
        }
    }
}

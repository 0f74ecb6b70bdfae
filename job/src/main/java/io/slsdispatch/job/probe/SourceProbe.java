package io.slsdispatch.job.probe;

import io.slsdispatch.connector.client.AnswerTime;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Questions that are answered by reading, in the source of the job: it makes the requests that the job makes, too. Some
 * need data; a logstore of the probe has it where the source has none.
 */
final class SourceProbe {

    private static final int MOST_SHARDS = 8;
    private static final int GROUPS_OF_A_PULL = 10;
    private static final int MISSING_SHARD = 999_999_999;
    private static final long FAR = 1_000_000_000L;
    private static final String MISSING = "sls-dispatch-probe-that-does-not-exist";
    private static final String LZ4 = "lz4";
    private static final Duration TOLERANCE = Duration.ofMinutes(15);

    private static final List<Assumption> OF_DATA = List.of(
            Assumption.CURSOR_CONTIGUITY,
            Assumption.HEADER_CURSOR_TIME,
            Assumption.HEADER_READ_LAST_CURSOR,
            Assumption.HEADER_END_OF_CURSOR,
            Assumption.CURSOR_TIME_BEGIN,
            Assumption.PULL_ZSTD);

    private record Place(int shard, String begin, String end) {

        boolean hasData() {
            return !Cursor.same(begin, end);
        }
    }

    private final ServiceApi api;
    private final LogstoreId source;
    private final Clock clock;
    private final Findings findings;

    SourceProbe(ServiceApi api, LogstoreId source, Clock clock, Findings findings) {
        this.api = api;
        this.source = source;
        this.clock = clock;
        this.findings = findings;
    }

    void run() throws StoppedException, InterruptedException {
        findings.ask(List.of(Assumption.HEADER_TIME, Assumption.CLOCK), this::time);
        findings.ask(
                List.of(Assumption.CODE_MISSING_LOGSTORE, Assumption.CODE_MISSING_SHARD, Assumption.CODE_MISSING_GROUP),
                this::missing);
        findings.ask(
                List.of(
                        Assumption.CURSOR_FORM,
                        Assumption.CURSOR_TIME_END,
                        Assumption.CURSOR_TIME_BEYOND,
                        Assumption.CODE_CURSOR_BEYOND_END,
                        Assumption.CODE_MALFORMED_CURSOR),
                this::shard);
    }

    /** Asks what needs data; without any, these questions are not probed. */
    void readData() throws StoppedException, InterruptedException {
        findings.ask(OF_DATA, this::data);
    }

    /** Whether a shard of the logstore has data, as far as can be seen. */
    boolean hasData() throws StoppedException, InterruptedException {
        try {
            return place().hasData();
        } catch (NotProbedException e) {
            return false;
        }
    }

    private void time() throws NotProbedException, StoppedException, InterruptedException {
        Reply reply = api.shards(source).ok();
        findings.saw(Assumption.HEADER_TIME, presence(reply, AnswerTime.FIRST));
        Optional<Instant> there = AnswerTime.of(reply.header(AnswerTime.FIRST), reply.header(AnswerTime.SECOND));
        if (there.isEmpty()) {
            throw new NotProbedException("responses have no time");
        }
        Duration ahead = Duration.between(clock.instant(), there.get());
        findings.saw(
                Assumption.CLOCK,
                ahead.abs().compareTo(TOLERANCE) < 0
                        ? Assumption.CLOCK.assumed()
                        : "the service is " + ahead.abs().toMinutes() + " min "
                                + (ahead.isNegative() ? "behind" : "ahead"));
    }

    private void missing() throws NotProbedException, StoppedException, InterruptedException {
        findings.saw(
                Assumption.CODE_MISSING_LOGSTORE,
                api.shards(new LogstoreId(source.project(), MISSING)).answer());
        findings.saw(
                Assumption.CODE_MISSING_SHARD,
                api.cursor(source, MISSING_SHARD, "begin").answer());
        findings.saw(
                Assumption.CODE_MISSING_GROUP, api.checkpoints(source, MISSING).answer());
    }

    private void shard() throws NotProbedException, StoppedException, InterruptedException {
        Place place = place();
        findings.saw(Assumption.CURSOR_FORM, form(place.end()));
        findings.saw(
                Assumption.CODE_MALFORMED_CURSOR,
                api.pull(source, place.shard(), "not-a-cursor", 1, LZ4).answer());
        findings.ask(List.of(Assumption.CODE_CURSOR_BEYOND_END, Assumption.CURSOR_TIME_BEYOND), () -> beyond(place));
        findings.saw(Assumption.CURSOR_TIME_END, timeAt(place, place.end()));
    }

    private void data() throws NotProbedException, StoppedException, InterruptedException {
        Place place = place();
        if (!place.hasData()) {
            throw new NotProbedException("the source has no data");
        }
        findings.saw(Assumption.CURSOR_TIME_BEGIN, timeAt(place, place.begin()));
        findings.ask(
                List.of(
                        Assumption.CURSOR_CONTIGUITY,
                        Assumption.HEADER_CURSOR_TIME,
                        Assumption.HEADER_READ_LAST_CURSOR,
                        Assumption.HEADER_END_OF_CURSOR),
                () -> pulls(place));
        findings.ask(List.of(Assumption.PULL_ZSTD), () -> zstd(place));
    }

    /** The first shard with data, among some; else the first one. */
    private Place place() throws NotProbedException, StoppedException, InterruptedException {
        List<Shard> shards = ServiceApi.shardsIn(api.shards(source));
        Place first = null;
        for (Shard shard : shards.subList(0, Math.min(MOST_SHARDS, shards.size()))) {
            Place place = new Place(
                    shard.id(),
                    ServiceApi.cursorIn(api.cursor(source, shard.id(), "begin")),
                    ServiceApi.cursorIn(api.cursor(source, shard.id(), "end")));
            if (place.hasData()) {
                return place;
            }
            first = first == null ? place : first;
        }
        if (first == null) {
            throw new NotProbedException("the source has no shard");
        }
        return first;
    }

    private static String form(String cursor) {
        if (Cursor.of(cursor).number().isEmpty()) {
            return "another form";
        }
        if (!cursor.equals(cursor.strip())) {
            return "with a line end";
        }
        return cursor.length() % 4 == 0 ? Assumption.CURSOR_FORM.assumed() : "without padding";
    }

    private void beyond(Place place) throws NotProbedException, StoppedException, InterruptedException {
        OptionalLong end = Cursor.of(place.end()).number();
        if (end.isEmpty()) {
            throw new NotProbedException("cursors have no numbers");
        }
        String far = Base64.getEncoder()
                .encodeToString(String.valueOf(end.getAsLong() + FAR).getBytes(StandardCharsets.US_ASCII));
        findings.saw(
                Assumption.CODE_CURSOR_BEYOND_END,
                api.pull(source, place.shard(), far, 1, LZ4).answer());
        findings.saw(Assumption.CURSOR_TIME_BEYOND, timeOr(api.cursorTime(source, place.shard(), far)));
    }

    private String timeAt(Place place, String cursor)
            throws NotProbedException, StoppedException, InterruptedException {
        return timeOr(api.cursorTime(source, place.shard(), cursor));
    }

    private static String timeOr(Reply reply) throws NotProbedException {
        if (!reply.isOk()) {
            return reply.answer();
        }
        return ServiceApi.hasCursorTime(reply) ? "a time" : "no time";
    }

    private void pulls(Place place) throws NotProbedException, StoppedException, InterruptedException {
        String cursor = place.begin();
        boolean gaps = false;
        for (int pull = 0; pull < 2; pull++) {
            Reply reply = api.pull(source, place.shard(), cursor, GROUPS_OF_A_PULL, LZ4);
            PulledGroups pulled = PulledGroups.of(reply);
            if (pulled.groups().isEmpty()) {
                break;
            }
            findings.saw(Assumption.HEADER_CURSOR_TIME, presence(reply, "x-log-cursor-time"));
            findings.saw(Assumption.HEADER_READ_LAST_CURSOR, presence(reply, "x-log-read-last-cursor"));
            findings.saw(Assumption.HEADER_END_OF_CURSOR, presence(reply, "x-log-end-of-cursor"));
            OptionalLong moved = Cursor.of(cursor).distanceTo(Cursor.of(pulled.next()));
            if (moved.isEmpty()) {
                throw new NotProbedException("cursors have no numbers");
            }
            gaps |= moved.getAsLong() != pulled.groups().size();
            cursor = pulled.next();
        }
        findings.saw(Assumption.CURSOR_CONTIGUITY, gaps ? "gaps" : Assumption.CURSOR_CONTIGUITY.assumed());
    }

    private void zstd(Place place) throws NotProbedException, StoppedException, InterruptedException {
        Reply reply = api.pull(source, place.shard(), place.begin(), 1, "zstd");
        findings.saw(Assumption.PULL_ZSTD, reply.isOk() ? reply.header("x-log-compresstype") : reply.answer());
    }

    private static String presence(Reply reply, String header) {
        return reply.header(header).isEmpty() ? "missing" : "present";
    }
}

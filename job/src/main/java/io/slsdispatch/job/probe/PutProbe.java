package io.slsdispatch.job.probe;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.wire.BlockSlicer;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.Lz4;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Questions about puts, in a logstore with one shard. To read back, a group is written behind the one in question: when
 * it can be read, all before it can.
 */
final class PutProbe {

    private static final int SHARD = 0;
    private static final int LIMIT = 10 * 1024 * 1024;
    private static final int MORE_THAN_HALF = 6_000_000;
    private static final int CUT_GROUP = 200_000;
    private static final Duration WEEK_AND_A_DAY = Duration.ofDays(8);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int PULLS = 60;
    private static final String LZ4 = "lz4";
    private static final String LB = "lb";
    private static final String ROUTE = "route";
    private static final Map<String, String> KEY = Map.of("key", "0".repeat(32));

    /** Sizes at which the limit of the service is looked for, when it is not the documented one. */
    private static final int[] SIZES = {1 << 20, 2 << 20, 3 << 20, 5_000_000, 5 << 20, 8 << 20, 10_000_000};

    private final ServiceApi api;
    private final LogstoreId logstore;
    private final TestData data;
    private final long now;
    private final Findings findings;
    private int sentinels;

    /** @param now in unix seconds */
    PutProbe(ServiceApi api, LogstoreId logstore, long now, Findings findings) {
        this.api = api;
        this.logstore = logstore;
        this.data = new TestData(now);
        this.now = now;
        this.findings = findings;
    }

    /** The answer to a put, and what was stored by it. */
    private record Stored(Reply reply, List<byte[]> groups) {

        boolean is(byte[]... expected) {
            return groups.size() == expected.length
                    && List.of(expected).stream().allMatch(this::contains)
                    && Arrays.equals(groups.get(0), expected[0]);
        }

        private boolean contains(byte[] group) {
            return groups.stream().anyMatch(each -> Arrays.equals(each, group));
        }
    }

    void run() throws StoppedException, InterruptedException {
        findings.ask(List.of(Assumption.HEADER_REQUEST_ID), this::requestId);
        findings.ask(List.of(Assumption.CODE_REFUSED_PUT), this::refused);
        for (Content content : Content.values()) {
            findings.ask(List.of(content.assumption), () -> content(content));
        }
        findings.ask(
                List.of(Assumption.PUT_ZSTD),
                () -> stored(Assumption.PUT_ZSTD, PutBody.zstd(data.small("zstd")), data.small("zstd")));
        findings.ask(List.of(Assumption.CUT_BLOCKS), this::cutBlock);
        findings.ask(
                List.of(Assumption.BATCH_GROUP_LB, Assumption.BATCH_GROUP_ROUTE, Assumption.BATCH_GROUP_ORDER),
                this::lists);
        findings.ask(List.of(Assumption.PUT_SIZE, Assumption.CODE_TOO_LARGE), this::sizes);
        findings.ask(List.of(Assumption.BATCH_GROUP_SIZE), this::listSize);
    }

    /** Groups whose content the service may refuse, drop or change. */
    private enum Content {
        NO_LOGS(Assumption.EMPTY_GROUP),
        CATEGORY(Assumption.CATEGORY),
        UNKNOWN_FIELD(Assumption.UNKNOWN_FIELDS),
        OLD(Assumption.OLD_LOG_TIMES),
        FUTURE(Assumption.FUTURE_LOG_TIMES),
        TEXT(Assumption.INVALID_TEXT);

        private final Assumption assumption;

        Content(Assumption assumption) {
            this.assumption = assumption;
        }
    }

    private byte[] group(Content content) {
        return switch (content) {
            case NO_LOGS -> data.withoutLogs();
            case CATEGORY -> data.withCategory();
            case UNKNOWN_FIELD -> data.withUnknownField();
            case OLD -> data.at(now - WEEK_AND_A_DAY.toSeconds());
            case FUTURE -> data.at(now + HOUR.toSeconds());
            case TEXT -> data.withInvalidText();
        };
    }

    private void content(Content content) throws NotProbedException, StoppedException, InterruptedException {
        byte[] group = group(content);
        Stored stored = putAndRead(LB, Map.of(), PutBody.lz4(group));
        String seen;
        if (!isAccepted(stored.reply())) {
            seen = stored.reply().answer();
        } else if (stored.is(group)) {
            seen = content.assumption.assumed();
        } else if (stored.groups().isEmpty() || !has(stored.groups().get(0), group.length)) {
            seen = "dropped";
        } else {
            seen = "changed";
        }
        findings.saw(content.assumption, seen);
    }

    /** Whether a stored group is not shorter than it was sent: then nothing was dropped from it. */
    private static boolean has(byte[] stored, int sent) {
        return stored.length >= sent;
    }

    private void stored(Assumption about, PutBody body, byte[] group)
            throws NotProbedException, StoppedException, InterruptedException {
        Stored stored = putAndRead(LB, Map.of(), body);
        findings.saw(
                about,
                !isAccepted(stored.reply())
                        ? stored.reply().answer()
                        : stored.is(group) ? about.assumed() : "stored differently");
    }

    private void requestId() throws NotProbedException, StoppedException, InterruptedException {
        Reply reply = api.put(logstore, LB, Map.of(), PutBody.lz4(data.small("request id")));
        if (!reply.isOk() && !reply.isUnnamed()) {
            throw new NotProbedException("a put was refused with " + reply.text());
        }
        findings.saw(Assumption.HEADER_REQUEST_ID, reply.isOk() ? "present" : "missing");
    }

    /** The put of {@code check}: neither its body nor its hash key is valid. */
    private void refused() throws NotProbedException, StoppedException, InterruptedException {
        PutBody invalid = PutBody.lz4(new byte[] {0x32, 0x7f, 0x0a});
        Reply reply = api.put(logstore, ROUTE, Map.of("key", "not-a-hash-key"), invalid);
        findings.saw(
                Assumption.CODE_REFUSED_PUT,
                reply.isRefused(ErrorKind.INVALID_REQUEST) ? Assumption.CODE_REFUSED_PUT.assumed() : reply.answer());
    }

    /** A block cut from that of a pull, as the job sends it: the second of two similar groups. */
    private void cutBlock() throws NotProbedException, StoppedException, InterruptedException {
        byte[] group = data.ofSize(CUT_GROUP, true);
        byte[] list = new FieldWriter(2 * CUT_GROUP)
                .bytes(LogGroupFields.GROUP, data.ofSize(CUT_GROUP, true))
                .bytes(LogGroupFields.GROUP, group)
                .toBytes();
        byte[] block = PutBody.compressed(list);
        BlockSlicer slicer = new BlockSlicer();
        slicer.reset(block, block.length, list);
        byte[] cut = new byte[Lz4.maxLength(group.length)];
        int length = slicer.slice(list.length - group.length, list.length, cut, 0);
        stored(Assumption.CUT_BLOCKS, PutBody.block(Arrays.copyOf(cut, length), group.length), group);
    }

    private void lists() throws NotProbedException, StoppedException, InterruptedException {
        list(Assumption.BATCH_GROUP_LB, LB, Map.of());
        list(Assumption.BATCH_GROUP_ROUTE, ROUTE, KEY);
        if (wayOfLists() == null) {
            throw new NotProbedException("lists are refused");
        }
    }

    private void list(Assumption about, String way, Map<String, String> query)
            throws NotProbedException, StoppedException, InterruptedException {
        byte[] one = data.small("first of a list");
        byte[] two = data.small("second of a list");
        Stored stored = putAndRead(way, query, PutBody.list(List.of(one, two)));
        if (!isAccepted(stored.reply())) {
            findings.saw(about, stored.reply().answer());
            return;
        }
        boolean inOrder = stored.is(one, two);
        boolean all = inOrder || stored.is(two, one);
        findings.saw(about, all ? about.assumed() : "stored differently");
        if (all) {
            findings.saw(Assumption.BATCH_GROUP_ORDER, inOrder ? "kept" : "changed");
        }
    }

    /** The path on which lists are accepted; null if there is none. */
    private @Nullable String wayOfLists() {
        if (Assumption.BATCH_GROUP_LB.assumed().equals(findings.answer(Assumption.BATCH_GROUP_LB))) {
            return LB;
        }
        return Assumption.BATCH_GROUP_ROUTE.assumed().equals(findings.answer(Assumption.BATCH_GROUP_ROUTE))
                ? ROUTE
                : null;
    }

    private void sizes() throws NotProbedException, StoppedException, InterruptedException {
        Reply above = large(LIMIT + 1);
        if (isAccepted(above)) {
            findings.saw(Assumption.PUT_SIZE, "more than " + LIMIT + " bytes");
            throw new NotProbedException("no group was refused as too large");
        }
        findings.saw(Assumption.CODE_TOO_LARGE, above.answer());
        if (isAccepted(large(LIMIT))) {
            findings.saw(Assumption.PUT_SIZE, Assumption.PUT_SIZE.assumed());
            return;
        }
        int accepted = 0;
        for (int size : SIZES) {
            if (!isAccepted(large(size))) {
                break;
            }
            accepted = size;
        }
        findings.saw(Assumption.PUT_SIZE, "at least " + accepted + " bytes, less than " + LIMIT);
    }

    private Reply large(int size) throws StoppedException, InterruptedException {
        return api.put(logstore, LB, Map.of(), PutBody.lz4(data.ofSize(size, true)));
    }

    /** Two groups of 6 MB that shrink to almost nothing, then one of 12 MB, then two of 6 MB that do not shrink. */
    private void listSize() throws NotProbedException, StoppedException, InterruptedException {
        String way = wayOfLists();
        if (way == null) {
            throw new NotProbedException("lists are refused");
        }
        byte[] small = data.ofSize(MORE_THAN_HALF, true);
        boolean rawSum = !isAccepted(list(way, List.of(small, small)));
        if (rawSum) {
            findings.saw(Assumption.BATCH_GROUP_SIZE, Assumption.BATCH_GROUP_SIZE.assumed());
            return;
        }
        if (!isAccepted(list(way, List.of(data.ofSize(2 * MORE_THAN_HALF, true), data.small("with a large one"))))) {
            findings.saw(Assumption.BATCH_GROUP_SIZE, "raw, each");
            return;
        }
        byte[] large = data.ofSize(MORE_THAN_HALF, false);
        findings.saw(
                Assumption.BATCH_GROUP_SIZE,
                isAccepted(list(way, List.of(large, large))) ? "compressed, each" : "compressed, in sum");
    }

    private Reply list(String way, List<byte[]> groups) throws StoppedException, InterruptedException {
        return api.put(logstore, way, way.equals(LB) ? Map.of() : KEY, PutBody.list(groups));
    }

    private static boolean isAccepted(Reply reply) {
        return reply.isOk() || reply.isUnnamed();
    }

    private Stored putAndRead(String way, Map<String, String> query, PutBody body)
            throws NotProbedException, StoppedException, InterruptedException {
        String cursor = ServiceApi.cursorIn(api.cursor(logstore, SHARD, "end"));
        Reply reply = api.put(logstore, way, query, body);
        if (!isAccepted(reply)) {
            return new Stored(reply, List.of());
        }
        byte[] sentinel = data.small("sentinel " + ++sentinels);
        Reply behind = api.put(logstore, LB, Map.of(), PutBody.lz4(sentinel));
        if (!isAccepted(behind)) {
            throw new NotProbedException("a put was refused with " + behind.text());
        }
        List<byte[]> groups = new ArrayList<>();
        for (int pull = 0; pull < PULLS; pull++) {
            PulledGroups pulled = PulledGroups.of(api.pull(logstore, SHARD, cursor, 100, LZ4));
            for (byte[] group : pulled.groups()) {
                if (Arrays.equals(group, sentinel)) {
                    return new Stored(reply, groups);
                }
                groups.add(group);
            }
            cursor = pulled.next();
            if (pulled.groups().isEmpty()) {
                api.calls().waits().pause(PAUSE);
            }
        }
        throw new NotProbedException("what was written could not be read within a minute");
    }
}

package io.slsdispatch.soak;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Faults of the service, drawn at random. */
final class Faults {

    private static final Map<String, Object> SERVER_ERROR = error("InternalServerError", 500);
    private static final Map<String, Object> BUSY = error("ServerBusy", 503);
    private static final Map<String, Object> RESET = Map.of("effect", "reset");
    private static final Map<String, Object> HANG = Map.of("effect", "hang");
    private static final Map<String, Object> CLOCK_AHEAD = Map.of("effect", "clock-skew", "millis", 3_600_000);

    /** How much later than it was acknowledged a late write comes at most. */
    static final Duration LATEST = Duration.ofSeconds(10);

    /** Puts to the source that can be read seconds after they were acknowledged. */
    static final Fault LATE_WRITES = Fault.of(
                    "late writes",
                    Map.of("effect", "late-write", "millis", 2000, "jitterMillis", LATEST.toMillis() - 2000))
            .at("PutLogs", Layout.SOURCE);

    private Faults() {}

    /** A target that takes nothing. */
    static Fault outage(Random random, String target) {
        List<Fault> ways = List.of(
                Fault.of("error 500", SERVER_ERROR),
                Fault.of("error 503", BUSY),
                Fault.of("write quota of the shard", error("ShardWriteQuotaExceed", 403)),
                Fault.of("write quota of the project", error("WriteQuotaExceed", 403)),
                Fault.of("connections reset", RESET),
                Fault.of("no answers", HANG),
                Fault.of("unauthorized", error("Unauthorized", 401)),
                Fault.of("logstore not there", error("LogStoreNotExist", 404)));
        return pick(random, ways).at("PutLogs", target).asOutageOf(target);
    }

    /** Something that hits a part of the calls, at the source or at a target. */
    static Fault passing(Random random, List<String> targets) {
        String target = pick(random, targets);
        return switch (random.nextInt(5)) {
            case 0, 1 -> pulling(random);
            case 2 -> around(random);
            case 3 -> putting(random, target);
            default -> losingAnswers(random, target);
        };
    }

    /** Something between the job and the service answers instead of it, or without lists. */
    static Fault gateway(Random random, List<String> targets) {
        Fault unknownLists = Fault.of("a gateway that knows no lists", page(501, "list", true));
        List<Fault> pages = List.of(
                Fault.of("a gateway's 502", page(502)).sometimes(0.6),
                Fault.of("a gateway's 404", page(404)).sometimes(0.6),
                Fault.of("a gateway's 403", page(403)).sometimes(0.6));
        List<Fault> values = List.of(
                Fault.of("[] of a gateway", page(200, "body", "[]")).sometimes(0.6),
                Fault.of("{} of a gateway", page(200, "body", "{}")).sometimes(0.6));
        return switch (random.nextInt(5)) {
            case 0 -> unknownLists.at("PutLogs", pick(random, targets));
            case 1 -> pick(random, pages).at("PutLogs", pick(random, targets));
            case 2 -> pick(random, pages).at("PullLogs", Layout.SOURCE);
            case 3 -> pick(random, values).at("ListShards", Layout.SOURCE);
            default -> pick(random, values).at("GetCursor", Layout.SOURCE);
        };
    }

    /**
     * Headers are taken away or made unreadable on the way. Of puts a few in a row that were written: after three of them
     * the job fails.
     */
    static Fault stripped(Random random, List<String> targets) {
        String target = pick(random, targets);
        List<Fault> pulls = List.of(
                Fault.of("no request ids", header("x-log-requestid", Map.of())).sometimes(0.3),
                Fault.of("no readable count", header("x-log-count", Map.of("value", "x")))
                        .sometimes(0.2),
                Fault.of("empty cursors", header("x-log-cursor", Map.of("value", "")))
                        .sometimes(0.2));
        return random.nextInt(3) == 0
                ? pick(random, pulls).at("PullLogs", Layout.SOURCE)
                : Fault.of("no request ids", header("x-log-requestid", Map.of("count", 1 + random.nextInt(6))))
                        .losingAnswersOf(target)
                        .at("PutLogs", target);
    }

    private static Fault pulling(Random random) {
        List<Fault> ways = List.of(
                Fault.of("slow answers", delay(300, 1500)).sometimes(0.5),
                Fault.of("error 500", SERVER_ERROR).sometimes(0.4),
                Fault.of("error 503", BUSY).sometimes(0.8),
                Fault.of("read quota of the shard", error("ShardReadQuotaExceed", 403))
                        .sometimes(0.6),
                Fault.of("read quota of the project", error("ReadQuotaExceed", 403))
                        .sometimes(0.6),
                Fault.of("connections reset", RESET).sometimes(0.4),
                Fault.of("connections reset after the fact", after(RESET)).sometimes(0.4),
                Fault.of("no answers", HANG).sometimes(0.2),
                Fault.of("slow bodies", Map.of("effect", "bandwidth", "bytesPerSecond", 100_000))
                        .sometimes(0.5),
                Fault.of("cut bodies", Map.of("effect", "truncate")).sometimes(0.4),
                Fault.of("cut bodies of the right length", Map.of("effect", "truncate", "lengthMatches", true))
                        .sometimes(0.1),
                Fault.of("corrupt bodies", Map.of("effect", "corrupt")).sometimes(0.1),
                Fault.of("no raw size", Map.of("effect", "header", "name", "x-log-bodyrawsize"))
                        .sometimes(0.1),
                Fault.of("clock an hour ahead", CLOCK_AHEAD),
                Fault.of("cursors that hold are called expired", Map.of("effect", "expired-cursor"))
                        .sometimes(0.02),
                Fault.of("wrong raw size", Map.of("effect", "header-plus", "name", "x-log-bodyrawsize", "plus", 1))
                        .sometimes(0.1),
                Fault.of("wrong count", Map.of("effect", "header-plus", "name", "x-log-count", "plus", -1))
                        .sometimes(0.1));
        return pick(random, ways).at("PullLogs", Layout.SOURCE);
    }

    private static Fault around(Random random) {
        List<Fault> listings = List.of(
                Fault.of("error 500", SERVER_ERROR).sometimes(0.8),
                Fault.of("slow answers", delay(1000, 3000)),
                Fault.of("no answers", HANG).sometimes(0.5),
                Fault.of("stale", listing("stale")),
                Fault.of("shuffled", listing("shuffled")),
                Fault.of("without the second half", listing("partial")),
                Fault.of("cut bodies", Map.of("effect", "truncate")).sometimes(0.5));
        return switch (random.nextInt(4)) {
            case 0 -> Fault.of("error 500", SERVER_ERROR).sometimes(0.7).at("GetCursor", Layout.SOURCE);
            case 1 ->
                Fault.of("error 500", SERVER_ERROR).sometimes(0.7).at("ConsumerGroupUpdateCheckPoint", Layout.SOURCE);
            default -> pick(random, listings).at("ListShards", Layout.SOURCE);
        };
    }

    private static Fault putting(Random random, String target) {
        List<Fault> ways = List.of(
                Fault.of("slow answers", delay(200, 2000)).sometimes(0.5),
                Fault.of("slow to take effect", before(delay(200, 2000))).sometimes(0.5),
                Fault.of("error 500", SERVER_ERROR).sometimes(0.5),
                Fault.of("error 503", BUSY).sometimes(0.9),
                Fault.of("write quota of the shard", error("ShardWriteQuotaExceed", 403))
                        .sometimes(0.7),
                Fault.of("connections reset", RESET).sometimes(0.5),
                Fault.of("no answers", HANG).sometimes(0.1),
                Fault.of("clock an hour ahead", CLOCK_AHEAD),
                Fault.of("small quota", Map.of("effect", "quota", "bytes", 200_000)),
                Fault.of("groups refused for good", error("PostBodyInvalid", 400))
                        .sometimes(0.02));
        return pick(random, ways).at("PutLogs", target);
    }

    private static Fault losingAnswers(Random random, String target) {
        List<Fault> ways = List.of(
                Fault.of("connections reset after the fact", after(RESET)).sometimes(0.1),
                Fault.of("error 500 after the fact", after(SERVER_ERROR)).sometimes(0.1),
                Fault.of("no answers after the fact", after(HANG)).sometimes(0.05));
        return pick(random, ways).losingAnswersOf(target).at("PutLogs", target);
    }

    private static Map<String, Object> page(int status) {
        return Map.of("effect", "answer", "status", status);
    }

    private static Map<String, Object> page(int status, String field, Object value) {
        return Map.of("effect", "answer", "status", status, field, value);
    }

    private static Map<String, Object> header(String name, Map<String, Object> more) {
        Map<String, Object> header = new HashMap<>(more);
        header.put("effect", "header");
        header.put("name", name);
        return header;
    }

    private static Map<String, Object> error(String code, int status) {
        return Map.of("effect", "error", "code", code, "status", status);
    }

    private static Map<String, Object> delay(int millis, int jitterMillis) {
        return Map.of("effect", "delay", "millis", millis, "jitterMillis", jitterMillis);
    }

    private static Map<String, Object> listing(String answer) {
        return Map.of("effect", "shard-list", "answer", answer);
    }

    private static Map<String, Object> before(Map<String, Object> fault) {
        return at(fault, "before");
    }

    private static Map<String, Object> after(Map<String, Object> fault) {
        return at(fault, "after");
    }

    private static Map<String, Object> at(Map<String, Object> fault, String when) {
        Map<String, Object> timed = new HashMap<>(fault);
        timed.put("when", when);
        return timed;
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}

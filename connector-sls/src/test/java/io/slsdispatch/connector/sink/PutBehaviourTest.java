package io.slsdispatch.connector.sink;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterDecoder;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What becomes of puts that fail, by the kind of error, as tables: of the writer to its target and of its dead letters. The
 * table of {@code redrive} is in the module {@code job}.
 *
 * <p>A row has the requests, each by the numbers of the groups in it, {@code xN} when it was made N times in a row, and
 * what became of the groups follows. Groups 1 to 4 wait when the first put fails; "twice" means that the first two fail,
 * "lists" each with several groups, "pairs" each with more than two, "group 2" each with that one. A retry comes a
 * millisecond later, and the tests look after 30 ms (after 5 s at what is throttled); the grace is 20 ms.
 */
class PutBehaviourTest {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration GRACE = Duration.ofMillis(20);
    private static final Duration UNTIL_LOOKED_AT = Duration.ofMillis(30);
    private static final Duration UNTIL_THE_RATE_ALLOWS = Duration.ofSeconds(5);
    private static final Duration OUTAGE = Duration.ofMillis(40);
    private static final long PLENTY = 1 << 30;

    /** Messages of failures, shortened to what tells one from the others. */
    private static final List<String> FAILURES = List.of(
            "denied access",
            "was not found",
            "rejected requests",
            "an unknown error code",
            "rejected the dead letter",
            "permanently rejected",
            "x-log-requestid",
            "could not receive a log");

    /** What the service, or whoever is on the way to it, answers. */
    enum Answer {
        THROTTLED(403, "WriteQuotaExceed", "ID"),
        UNAVAILABLE(500, "InternalServerError", "ID"),
        NO_ANSWER(-1, "RequestError", ""),
        GATEWAY(501, "BadResponse", ""),
        GATEWAY_WITH_A_CODE_OF_THE_SERVICE(400, "InvalidTimestamp", ""),
        UNCONFIRMED(200, "UnreadableAnswer", ""),
        DENIED(401, "Unauthorized", "ID"),
        NOT_FOUND(404, "LogStoreNotExist", "ID"),
        ABOUT_REQUEST(400, "InvalidHost", "ID"),
        UNKNOWN(400, "SomethingNew", "ID"),
        TOO_LARGE(413, "PostBodyTooLarge", "ID"),
        TOO_LARGE_FOR_A_PROXY(413, "BadResponse", ""),
        ABOUT_GROUP(400, "InvalidTimestamp", "ID"),
        COMPRESSION(400, "PostBodyUncompressError", "ID"),
        REPEATED_SEQUENCE(400, "InvalidSequenceId", "ID"),
        NO_MEMORY(-1, "NoBuffer", ""),
        NO_CREDENTIALS(-1, "NoCredentials", ""),
        NO_NAME(-1, "UnknownHost", ""),
        NO_DESCRIPTOR(-1, "NoSocket", ""),
        NO_PROXY(-1, "ProxyError", ""),
        PROXY_LOGIN(407, "BadResponse", ""),
        UNTRUSTED(-1, "UntrustedCertificate", ""),
        NOT_SENT(-1, "NotSent", ""),
        BAD_HEADER(-1, "InvalidArgument", ""),
        REVOKED_KEY(401, "InvalidAccessKeyId", "ID"),
        EXPIRED_TOKEN(400, "SecurityTokenExpired", "ID"),
        CLOCK(400, "RequestTimeExpired", "ID");

        private final int status;
        private final String code;
        private final String requestId;

        Answer(int status, String code, String requestId) {
            this.status = status;
            this.code = code;
            this.requestId = requestId;
        }

        SlsException to(PutRequest request) {
            return FakeTarget.error(request.logstore(), status, code, requestId);
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/put-behaviour/writer.txt", delimiter = '|', maxCharsPerColumn = 10_000)
    void ofTheWriter(Answer answer, String fails, String puts, String requests, String ends) throws Exception {
        for (boolean ordered : ordered(puts)) {
            assertThat(write(answer, fails, config(puts.endsWith("list"), ordered, OnReject.DROP)))
                    .isEqualTo(requests + " -> " + ends);
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/put-behaviour/rejected.txt", delimiter = '|', maxCharsPerColumn = 10_000)
    void ofGroupsThatAreRejected(Answer answer, OnReject policy, String puts, String requests, String ends)
            throws Exception {
        for (boolean ordered : ordered(puts)) {
            assertThat(write(answer, "group 2", config(puts.endsWith("list"), ordered, policy)))
                    .isEqualTo(requests + " -> " + ends);
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/put-behaviour/outages.txt", delimiter = '|', maxCharsPerColumn = 10_000)
    void ofOutages(Answer answer, OnOutage policy, String puts, String during, String then) throws Exception {
        for (boolean ordered : ordered(puts)) {
            assertThat(outage(answer, policy, puts.endsWith("list"), ordered)).isEqualTo(during + "; then " + then);
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/put-behaviour/dead-letters.txt", delimiter = '|', maxCharsPerColumn = 10_000)
    void ofDeadLetters(Answer answer, String fails, String puts, String policy, String requests, String ends)
            throws Exception {
        for (OnRefusal each : policy.equals("any") ? OnRefusal.values() : new OnRefusal[] {OnRefusal.valueOf(policy)}) {
            assertThat(deadLetters(answer, fails, puts.equals("list") ? 6 : 3, each))
                    .isEqualTo(requests + " -> " + ends);
        }
    }

    private static List<Boolean> ordered(String puts) {
        return puts.startsWith("any") ? List.of(false, true) : List.of(puts.startsWith("ordered"));
    }

    private static String write(Answer answer, String fails, SinkConfig.Builder config) throws Exception {
        WriterRig rig = waiting(config);
        int before = rig.target.requests().size();
        rig.target.answering(failing(answer, fails, WriterRig.TARGET, PutBehaviourTest::groups));
        rig.target.takeOpen().accept();
        return look(rig, before, answer == Answer.THROTTLED ? UNTIL_THE_RATE_ALLOWS : UNTIL_LOOKED_AT);
    }

    /** The target fails until the circuit opens; it is back before the groups 5 and 6 come. */
    private static String outage(Answer answer, OnOutage policy, boolean lists, boolean ordered) throws Exception {
        SinkConfig.Builder config = config(lists, ordered, OnReject.DROP).outage(new Outage(policy, OUTAGE));
        if (policy == OnOutage.DEAD_LETTER) {
            config.deadLetters(DeadLetterStore.in(WriterRig.DEAD_LETTERS));
        }
        config.retry(new RetryPolicy(new Backoff(MILLISECOND, MILLISECOND), null, Duration.ofHours(1)));
        WriterRig rig = waiting(config);
        int before = rig.target.requests().size();
        rig.target.answering(failing(answer, "always", WriterRig.TARGET, PutBehaviourTest::groups));
        rig.target.takeOpen().accept();
        rig.advance(OUTAGE.multipliedBy(2));
        String during = look(rig, before, Duration.ZERO);
        before = rig.target.requests().size();
        rig.target.acceptingAll();
        write(rig, 2);
        return during + "; then " + look(rig, before, UNTIL_LOOKED_AT);
    }

    private static SinkConfig.Builder config(boolean lists, boolean ordered, OnReject onReject) {
        return WriterRig.config()
                .delivery(WriterRig.delivery(ordered, lists, 1, PLENTY))
                .onReject(onReject)
                .deadLetters(onReject == OnReject.DEAD_LETTER ? DeadLetterStore.in(WriterRig.DEAD_LETTERS) : null)
                .retry(new RetryPolicy(new Backoff(MILLISECOND, MILLISECOND), null, GRACE));
    }

    /** Group 0 is on its way, and four wait behind it. */
    private static WriterRig waiting(SinkConfig.Builder config) throws Exception {
        WriterRig rig = new WriterRig(config.build());
        write(rig, 5);
        return rig;
    }

    private static void write(WriterRig rig, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            byte[] group = group();
            rig.write(0, "topic", group);
        }
    }

    /** Of two logs. */
    private static byte[] group() {
        String value = "value".repeat(20);
        return logGroup()
                .log(1_700_000_000, "key", value)
                .log(1_700_000_000, "key", value)
                .topic("topic")
                .toBytes();
    }

    private static String look(WriterRig rig, int requestsBefore, Duration after) {
        String end = "";
        try {
            rig.advance(after);
        } catch (Exception e) {
            String message = String.valueOf(e.getMessage());
            end = FAILURES.stream().filter(message::contains).findFirst().orElse(message);
        }
        return requests(rig, requestsBefore, WriterRig.TARGET, PutBehaviourTest::groups) + " -> " + ends(rig, end);
    }

    private static String ends(WriterRig rig, String failure) {
        List<String> ends = new ArrayList<>();
        List<String> stored = rig.storedInTarget().stream()
                .map(PutBehaviourTest::name)
                .filter(name -> !name.equals("0"))
                .toList();
        add(ends, "stored", range(stored));
        add(
                ends,
                "dead letters",
                range(rig.deadLetters().stream().map(PutBehaviourTest::name).toList()));
        long dropped = rig.metrics.counted("sls.dropped");
        add(ends, "dropped", dropped == 0 ? "" : Long.toString(dropped));
        add(ends, "job fails:", failure);
        long taken = rig.written() + rig.metrics.counted("sls.splitParts") - rig.metrics.counted("sls.splitGroups");
        long settled = rig.metrics.counted("numRecordsSend") + rig.metrics.counted("sls.deadLettered") + dropped;
        if (failure.isEmpty() && settled < taken) {
            ends.add("waits");
        }
        return String.join(", ", ends);
    }

    /** Letters 0 and 1 are on their way each in a request, and the others wait behind them. */
    private static String deadLetters(Answer answer, String fails, int letters, OnRefusal policy) throws Exception {
        WriterRig rig = new WriterRig(config(false, false, OnReject.DEAD_LETTER)
                .deadLetters(new DeadLetterStore(WriterRig.DEAD_LETTERS, policy))
                .build());
        rig.target.answering(request -> Answer.ABOUT_GROUP.to(request)).hangingFor(request -> request.logstore()
                .equals(WriterRig.DEAD_LETTERS));
        write(rig, letters);
        rig.runMails();
        int before = rig.target.requests().size();
        rig.target
                .answering(failing(answer, fails, WriterRig.DEAD_LETTERS, PutBehaviourTest::letters))
                .hangingFor(request -> false);
        rig.target.takeOpen().accept();
        String end = "";
        try {
            rig.runMails();
            rig.target.takeOpen().accept();
            rig.advance(UNTIL_LOOKED_AT);
        } catch (Exception e) {
            String message = String.valueOf(e.getMessage());
            end = FAILURES.stream().filter(message::contains).findFirst().orElse(message);
        }
        return requests(rig, before, WriterRig.DEAD_LETTERS, PutBehaviourTest::letters) + " -> " + ends(rig, end);
    }

    /** Which puts fail. */
    private static Function<PutRequest, SlsException> failing(
            Answer answer, String fails, LogstoreId logstore, Function<PutRequest, List<String>> names) {
        int[] left = {fails.equals("once") ? 1 : fails.equals("twice") ? 2 : 0};
        return request -> {
            List<String> in = names.apply(request);
            boolean failure =
                    switch (fails) {
                        case "once", "twice" -> left[0]-- > 0;
                        case "lists" -> in.size() > 1;
                        case "pairs" -> in.size() > 2;
                        case "always" -> true;
                        default -> in.contains(fails.substring("group ".length()));
                    };
            return failure && request.logstore().equals(logstore) ? answer.to(request) : null;
        };
    }

    private static String requests(
            WriterRig rig, int before, LogstoreId logstore, Function<PutRequest, List<String>> names) {
        List<String> requests = rig.target.requests().stream()
                .skip(before)
                .filter(request -> request.logstore().equals(logstore))
                .map(request -> range(names.apply(request)))
                .toList();
        return requests.isEmpty() ? "none" : counted(requests);
    }

    /** Requests that are made again and again, alone or in turns, are written once with their number. */
    private static String counted(List<String> requests) {
        List<String> counted = new ArrayList<>();
        for (int i = 0; i < requests.size(); ) {
            int period = repetitions(requests, i, 1) > 1 || repetitions(requests, i, 2) < 3 ? 1 : 2;
            int times = repetitions(requests, i, period);
            String unit = String.join(", ", requests.subList(i, i + period));
            counted.add(times == 1 ? unit : (period == 1 ? unit : "(" + unit + ")") + " x" + times);
            i += times * period;
        }
        return String.join(", ", counted);
    }

    private static int repetitions(List<String> requests, int from, int period) {
        int end = from + period;
        while (end + period <= requests.size()
                && requests.subList(end, end + period).equals(requests.subList(from, from + period))) {
            end += period;
        }
        return (end - from) / period;
    }

    private static void add(List<String> ends, String what, String of) {
        if (!of.isEmpty()) {
            ends.add(what + " " + of);
        }
    }

    private static String range(List<String> names) {
        boolean inOrder = names.size() > 1 && names.stream().allMatch(name -> name.length() == 1);
        for (int i = 1; inOrder && i < names.size(); i++) {
            inOrder = names.get(i).charAt(0) == names.get(i - 1).charAt(0) + 1;
        }
        return inOrder ? names.get(0) + "-" + names.get(names.size() - 1) : String.join(" ", names);
    }

    private static List<String> groups(PutRequest request) {
        return request.groups().stream().map(PutBehaviourTest::name).toList();
    }

    private static List<String> letters(PutRequest request) {
        List<String> names = new ArrayList<>();
        for (RawLogGroup group : request.groups()) {
            DeadLetterDecoder.Reading reading = new DeadLetterDecoder()
                    .read(group.bytes().array(), group.bytes().offset(), group.length());
            reading.letters().stream().map(PutBehaviourTest::name).forEach(names::add);
        }
        return names;
    }

    private static String name(DeadLetter letter) {
        return name(letter.group());
    }

    /** A part of group 2 is {@code 2.0}. */
    private static String name(RawLogGroup group) {
        return group.index() + (group.part().isEmpty() ? "" : "." + group.part());
    }
}

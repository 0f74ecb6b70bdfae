package io.slsdispatch.job.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.TargetQueue.Addressed;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What becomes of puts of {@code redrive} that fail, by the kind of error, as a table: the tables of the sink are in the
 * module {@code connector-sls}, by the same rules. A row has the requests, each by the numbers of the letters in it,
 * {@code xN} when it was made N times, in no order, since letters have none; or only their number, where it depends on the
 * order; and what became of the letters 0 to 3. "whole" means that groups fail until they are split. A retry
 * comes a millisecond later, and a target that takes nothing for 20 ms is given up.
 */
class RedriveBehaviourTest {

    private static final LogstoreId LOGSTORE = new LogstoreId("project", "target");
    private static final int LETTERS = 4;
    private static final String AT_MOST = "at most ";

    /** Reasons for which a letter was not sent, shortened to what tells one from the others. */
    private static final List<String> REASONS = List.of("x-log-requestid", "it accepted nothing for", "failed (");

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
        REPEATED_SEQUENCE(400, "InvalidSequenceId", "ID");

        private final int status;
        private final String code;
        private final String requestId;

        Answer(int status, String code, String requestId) {
            this.status = status;
            this.code = code;
            this.requestId = requestId;
        }

        SlsException to(PutRequest request) {
            return new SlsException(
                    ErrorCodes.kind("PutLogs", code, status),
                    "PutLogs",
                    request.logstore().toString(),
                    status,
                    code,
                    requestId,
                    "said whoever answered",
                    null);
        }
    }

    /** How many requests were made. */
    private int made;

    @ParameterizedTest
    @CsvFileSource(resources = "/put-behaviour/redrive.txt", delimiter = '|', maxCharsPerColumn = 10_000)
    void ofLetters(Answer answer, String fails, String puts, String requests, String ends) throws Exception {
        for (boolean ordered : puts.startsWith("any") ? List.of(false, true) : List.of(puts.startsWith("ordered"))) {
            String happened = redrive(answer, fails, puts.endsWith("list"), ordered);
            if (requests.startsWith(AT_MOST)) {
                assertThat(happened).endsWith(" -> " + ends);
                assertThat(made).isLessThanOrEqualTo(Integer.parseInt(requests.substring(AT_MOST.length())));
            } else {
                assertThat(happened).isEqualTo(requests + " -> " + ends);
            }
        }
    }

    private String redrive(Answer answer, String fails, boolean lists, boolean ordered) throws Exception {
        List<String> requests = new ArrayList<>();
        Predicate<PutRequest> failing = failing(fails);
        SlsClient client = client(request -> {
            requests.add(range(names(request)));
            return failing.test(request) ? answer.to(request) : null;
        });
        Target target = target(lists, ordered);
        Ends ends = new Ends();
        Sender sender = new Sender(
                new Clients(connection -> () -> client), new StopSignal(), ends.clock::get, new Random(1), ends);
        for (int i = 0; i < LETTERS; i++) {
            byte[] group = group();
            RawLogGroup raw = new RawLogGroup(group, 0, group.length, "topic", 0, "cursor", i);
            DeadLetter letter = new DeadLetter(
                    raw,
                    "nginx",
                    LOGSTORE,
                    new DeadLetter.Reason(DeadLetter.Cause.OUTAGE, "", -1, "", ""),
                    Instant.EPOCH);
            sender.add(new Addressed("letter-" + i, letter, target));
        }
        sender.settleAll();
        made = requests.size();
        return counted(requests) + " -> " + ends;
    }

    private static Target target(boolean lists, boolean ordered) {
        Backoff backoff = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1));
        SinkConfig config = SinkConfig.builder("nginx", LOGSTORE)
                .delivery(new SinkConfig.Delivery(ordered, lists, false, 2, 1 << 30))
                .retry(new RetryPolicy(backoff, Duration.ofMillis(20), Duration.ofMinutes(10)))
                .build();
        return new Target(
                ConnectionConfig.of(
                        Endpoint.parse("http://sls.test"), new CredentialsConfig.Environment("ID", "KEY", null)),
                config);
    }

    /** Gives null for a success. */
    @FunctionalInterface
    private interface Service {
        SlsException answer(PutRequest request);
    }

    private static SlsClient client(Service service) {
        return (SlsClient) Proxy.newProxyInstance(
                SlsClient.class.getClassLoader(), new Class<?>[] {SlsClient.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("put")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    SlsException error = service.answer((PutRequest) arguments[0]);
                    return error == null
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.failedFuture(error);
                });
    }

    /** What became of the letters; time passes by a millisecond whenever the run waits. */
    private static final class Ends implements Sender.Receiver {

        private final AtomicLong clock = new AtomicLong(1_000_000_000L);
        private final List<String> sent = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();
        private final List<String> notSent = new ArrayList<>();
        private String why = "";

        @Override
        public void sent(Addressed letter) {
            sent.add(name(letter.letter().group()));
        }

        @Override
        public void refused(Addressed letter, String reason) {
            refused.add(name(letter.letter().group()));
        }

        @Override
        public void notSent(Addressed letter, String reason) {
            notSent.add(name(letter.letter().group()));
            why = REASONS.stream().filter(reason::contains).findFirst().orElse(reason);
        }

        @Override
        public void says(String line) {}

        @Override
        public void waits() {
            clock.addAndGet(1_000_000);
        }

        @Override
        public String toString() {
            return Stream.of(
                            words("sent", sent, ""),
                            words("refused", refused, ""),
                            words("not sent", notSent, why.isEmpty() ? "" : ": " + why))
                    .filter(words -> !words.isEmpty())
                    .collect(Collectors.joining(", "));
        }

        private static String words(String what, List<String> names, String why) {
            return names.isEmpty()
                    ? ""
                    : what + " " + range(names.stream().sorted().toList()) + why;
        }
    }

    /** Which puts fail. */
    private static Predicate<PutRequest> failing(String fails) {
        int[] left = {fails.equals("once") ? 1 : fails.equals("twice") ? 2 : 0};
        return request -> switch (fails) {
            case "once", "twice" -> left[0]-- > 0;
            case "lists" -> request.groups().size() > 1;
            case "pairs" -> request.groups().size() > 2;
            case "always" -> true;
            case "whole" ->
                request.groups().stream().anyMatch(group -> group.part().isEmpty());
            default -> names(request).contains(fails.substring("group ".length()));
        };
    }

    private static String counted(List<String> requests) {
        Map<String, Long> counts =
                requests.stream().collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(each -> each.getKey() + (each.getValue() == 1 ? "" : " x" + each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static List<String> names(PutRequest request) {
        return request.groups().stream().map(RedriveBehaviourTest::name).toList();
    }

    /** A part of group 2 is {@code 2.0}. */
    private static String name(RawLogGroup group) {
        return group.index() + (group.part().isEmpty() ? "" : "." + group.part());
    }

    private static String range(List<String> names) {
        boolean inOrder = names.size() > 1 && names.stream().allMatch(name -> name.length() == 1);
        for (int i = 1; inOrder && i < names.size(); i++) {
            inOrder = names.get(i).charAt(0) == names.get(i - 1).charAt(0) + 1;
        }
        return inOrder ? names.get(0) + "-" + names.get(names.size() - 1) : String.join(" ", names);
    }

    /** Of two logs. */
    private static byte[] group() {
        byte[] log = new byte[104];
        // Field 1 of 102 bytes: a log with an unknown field of 100 bytes.
        log[0] = 0x0a;
        log[1] = 102;
        log[2] = 0x7a;
        log[3] = 100;
        ByteArrayOutputStream group = new ByteArrayOutputStream();
        group.writeBytes(log);
        group.writeBytes(log);
        return group.toByteArray();
    }
}

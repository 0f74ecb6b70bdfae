package io.slsdispatch.job.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.JobConfig.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code redrive} makes of answers: by the same judgement as the sink. */
class OutletTest {

    private static final LogstoreId LOGSTORE = new LogstoreId("project", "target");
    private static final Target TARGET = new Target(
            ConnectionConfig.of(
                    Endpoint.parse("http://sls.test"), new CredentialsConfig.Environment("ID", "KEY", null)),
            SinkConfig.builder("nginx", LOGSTORE).build());

    private final List<Integer> sent = new ArrayList<>();
    private final List<Integer> refused = new ArrayList<>();
    private final List<String> hindrances = new ArrayList<>();
    private final List<Integer> stored = new ArrayList<>();
    private final Outlet outlet = new Outlet(TARGET.config(), this::settled, line -> {}, new Random(1));
    private long now = 1_000_000_000L;
    private int requests;

    /** Gives null for a success. */
    @FunctionalInterface
    private interface Service extends Function<List<Integer>, SlsException> {}

    @Test
    void requestsThatAreRefusedForThemselvesRefuseNoLetterAndEnd() {
        add(20);
        run(groups -> error(400, "InvalidHost", "ID"));

        assertThat(refused).isEmpty();
        assertThat(hindrances).hasSize(20).allMatch(reason -> reason.contains("InvalidHost"));
        assertThat(requests).isLessThan(200);
    }

    @ParameterizedTest
    @CsvSource({"InvalidTimestamp, ID", "SomethingNew, ID"})
    void oneBadLetterIsRefusedAndNoOther(String code, String requestId) {
        add(50);
        run(groups -> groups.contains(17) ? error(400, code, requestId) : null);

        assertThat(refused).containsExactly(17);
        assertThat(sent).hasSize(49);
        assertThat(requests).isLessThan(40);
    }

    @Test
    void anUnknownCodeWithoutContrastRefusesNoLetter() {
        add(20);
        run(groups -> error(400, "SomethingNew", "ID"));

        assertThat(refused).isEmpty();
        assertThat(hindrances).hasSize(20);
        assertThat(requests).isLessThan(200);
    }

    @Test
    void aGatewayRefusesNoLetter() {
        add(20);
        run(groups -> error(400, "InvalidTimestamp", ""));

        assertThat(refused).isEmpty();
        assertThat(hindrances).hasSize(20);
    }

    @Test
    void listsThatAGatewayDoesNotKnowGoOneByOne() {
        add(100);
        run(groups -> groups.size() > 1 ? error(501, "BadResponse", "") : null);

        assertThat(sent)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100).boxed().toList());
        assertThat(requests).isLessThan(140);
    }

    @Test
    void threeUnconfirmedPutsEndTheTargetWithAReason() {
        add(3);
        run(groups -> {
            stored.addAll(groups);
            return new SlsException(
                    ErrorKind.UNAVAILABLE, "PutLogs", "project/target", 200, "UnreadableAnswer", "", "no id", null);
        });

        assertThat(hindrances).hasSize(3).allMatch(reason -> reason.contains("x-log-requestid"));
        assertThat(stored).hasSizeLessThanOrEqualTo(9);
    }

    /** One group makes the service fail while it takes all others: the run must end. */
    @Test
    void aLetterThatFailsForEverWhileOthersAreTakenEndsToo() {
        add(50);
        run(groups -> groups.contains(3) ? error(500, "InternalServerError", "ID") : null);

        assertThat(sent).contains(0, 1, 2, 49);
        assertThat(hindrances).isNotEmpty();
        assertThat(refused).isEmpty();
    }

    private void add(int letters) {
        for (int i = 0; i < letters; i++) {
            RawLogGroup group = new RawLogGroup(new byte[100], 0, 100, "topic", 0, "cursor", i);
            DeadLetter letter = new DeadLetter(
                    group,
                    "nginx",
                    LOGSTORE,
                    new DeadLetter.Reason(DeadLetter.Cause.OUTAGE, "", -1, "", ""),
                    Instant.EPOCH);
            outlet.add(new Parcel.Item(new Addressed("letter-" + i, letter, TARGET)));
        }
        outlet.close();
    }

    private void run(Service service) {
        int steps = 0;
        while (!outlet.isIdle()) {
            assertThat(steps++).as("steps").isLessThan(100_000);
            Parcel parcel = outlet.next(now);
            if (parcel == null) {
                now = Math.max(now + 1, outlet.nextDueAt());
                continue;
            }
            requests++;
            now += Duration.ofMillis(5).toNanos();
            SlsException error = service.apply(
                    parcel.groups().stream().map(RawLogGroup::index).toList());
            if (error == null) {
                outlet.succeeded(parcel, now);
            } else {
                outlet.failed(parcel, error, now);
            }
        }
    }

    private void settled(Parcel.Item item) {
        int index = item.letter().letter().group().index();
        String hindrance = item.hindrance();
        if (item.refusal() != null) {
            refused.add(index);
        } else if (hindrance != null) {
            hindrances.add(hindrance);
        } else {
            sent.add(index);
        }
    }

    private static SlsException error(int status, String code, String requestId) {
        return new SlsException(
                ErrorCodes.kind("PutLogs", code, status),
                "PutLogs",
                "project/target",
                status,
                code,
                requestId,
                code + " said whoever answered",
                null);
    }
}

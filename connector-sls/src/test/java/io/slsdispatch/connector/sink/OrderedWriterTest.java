package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static io.slsdispatch.connector.sink.WriterRig.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.OrderingKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OrderedWriterTest {

    private static final long PLENTY = 1 << 30;

    @Test
    void hasOneRequestPerOrderingKeyInFlight() throws Exception {
        WriterRig rig = ordered(8, true);
        rig.write(0, "a", 10);
        rig.write(0, "a", 10);
        rig.write(1, "a", 10);
        rig.write(0, "a", 10);

        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(2));

        rig.target.takeOpen().accept();
        rig.runMails();
        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(2), List.of(1, 3));
    }

    @Test
    void sendsAnOrderingKeyAlwaysToTheSameHashKeyAndDifferentOnesToDifferentHashKeys() throws Exception {
        WriterRig rig = ordered(8, true);
        rig.target.acceptingAll();
        for (int shard = 0; shard < 3; shard++) {
            rig.write(shard, "a", 10);
            rig.write(shard, "a", 10);
        }
        rig.flush();

        Map<Integer, List<String>> keysByShard = rig.target.requests().stream()
                .collect(Collectors.groupingBy(
                        request -> request.groups().get(0).shard(),
                        Collectors.mapping(PutRequest::hashKey, Collectors.toList())));
        assertThat(keysByShard.values())
                .allSatisfy(keys -> assertThat(keys).hasSize(2).containsOnly(keys.get(0)));
        assertThat(keysByShard.values().stream().map(keys -> keys.get(0)))
                .doesNotHaveDuplicates()
                .allMatch(key -> key.matches("[0-9a-f]{32}"));
    }

    @Test
    void lettingTheServiceChooseTheShardIsTheDefault() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.write();

        assertThat(rig.target.requests().get(0).hashKey()).isNull();
    }

    @Test
    void holdsAnOrderingKeyWhileItsRequestWaitsForARetry() throws Exception {
        WriterRig rig = ordered(8, true);
        rig.write(0, "a", 10);
        rig.write(0, "a", 10);
        rig.target.takeOpen().refuse(ErrorKind.UNAVAILABLE);
        rig.advance(Duration.ofSeconds(30));

        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(0));
    }

    @Property(tries = 200)
    void keepsTheOrderOfEveryShardAndTopicUnderAnyFailures(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int requests, @ForAll boolean batching)
            throws Exception {
        Random random = new Random(seed);
        WriterRig rig = ordered(requests, batching);
        ErrorKind[] failures = {
            ErrorKind.UNAVAILABLE,
            ErrorKind.THROTTLED,
            ErrorKind.UNAUTHORIZED,
            ErrorKind.TOO_LARGE,
            ErrorKind.INVALID_REQUEST
        };

        for (int i = 0; i < 60; i++) {
            rig.write(random.nextInt(3), "topic" + random.nextInt(4), 10);
            while (rig.target.openCount() > 0 && random.nextInt(3) == 0) {
                FakeTarget.Open put = rig.target.takeOpen();
                ErrorKind failure = failures[random.nextInt(failures.length)];
                boolean mayFail = failure.isTransient()
                        || failure == ErrorKind.UNAUTHORIZED
                        || put.request().groups().size() > 1;
                if (mayFail && random.nextBoolean()) {
                    put.refuse(failure);
                } else {
                    put.accept();
                }
            }
            rig.advance(Duration.ofMillis(random.nextInt(200)));
        }
        while (rig.target.openCount() > 0) {
            rig.target.takeOpen().accept();
        }
        rig.target.acceptingAll();
        rig.writer.flush(true);

        assertThat(rig.target.stored()).hasSize(60).doesNotHaveDuplicates();
        Map<OrderingKey, List<Integer>> byKey = rig.target.storedGroups().stream()
                .collect(Collectors.groupingBy(
                        OrderingKey::of, Collectors.mapping(RawLogGroup::index, Collectors.toList())));
        assertThat(byKey.values()).allSatisfy(indexes -> assertThat(indexes).isSorted());
    }

    private static WriterRig ordered(int requests, boolean batching) {
        SinkConfig config =
                config().delivery(delivery(true, batching, requests, PLENTY)).build();
        return new WriterRig(config);
    }
}

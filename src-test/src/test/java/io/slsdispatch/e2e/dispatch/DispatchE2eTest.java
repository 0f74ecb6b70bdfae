package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.ledger.Reconciliation;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which group arrives where, byte for byte. */
@OnMiniCluster
class DispatchE2eTest {

    private static final String ROUTES = """
            routes:
              - {topic: nginx, to: nginx}
              - {topic: {prefix: sql}, to: sql}
            """;

    @WithLogstores(
            sourceShards = 4,
            targets = {"nginx", "sql", "rest"})
    private Rig rig;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void everyGroupArrivesOnceAndUnchangedWhateverIsInIt(int parallelism) throws Exception {
        writeAllKinds();

        RunningJob.run(rig.config("stop: now", ROUTES + "default-route: rest"), parallelism);

        Reconciliation found = rig.reconcile(unmatchedTo(Set.of("rest")));
        Rig.assertExact(found);
        assertThat(found.targets()).allMatch(target -> target.expected() > 100);
    }

    @Test
    void orderedTargetsGetTheGroupsOfAShardAndTopicInTheirOrder() throws Exception {
        writeAllKinds();

        RunningJob.run(rig.config("stop: now", ROUTES + "default-route: rest\ndefaults: {ordered: true}"), 4);

        Reconciliation found = rig.reconcile(unmatchedTo(Set.of("rest")));
        Rig.assertExact(found);
        assertThat(found.reordered()).isZero();
    }

    @Test
    void copyArrivesAtEachOfTheTargets() throws Exception {
        rig.writeToAll("a", 100, "nginx", "sql_audit");

        RunningJob.run(rig.config("stop: now", """
                routes:
                  - {topic: nginx, to: [nginx, rest]}
                  - {topic: sql_audit, to: sql, continue: true}
                  - {topic: sql_audit, to: [rest, sql]}
                default-route: fail
                """), 2);

        Rig.assertExact(
                rig.reconcile(topic -> topic.equals("nginx") ? Set.of("nginx", "rest") : Set.of("sql", "rest")));
    }

    @Test
    void unmatchedGroupsAreDroppedWhereTheConfigurationSaysSo() throws Exception {
        writeAllKinds();

        RunningJob.run(rig.config("stop: now", ROUTES + "default-route: drop"), 2);

        Reconciliation found = rig.reconcile(unmatchedTo(Set.of()));
        Rig.assertExact(found);
        assertThat(found.unrouted()).isPositive();
        assertThat(rig.entries("rest")).isEmpty();
    }

    @Test
    void unmatchedGroupFailsTheJobWithTheWayOutWhereTheConfigurationSaysSo() throws Exception {
        rig.writeToAll("a", 10, "nginx", "nobody");

        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> RunningJob.run(rig.config("stop: now", ROUTES + "default-route: fail"), 2))
                .satisfies(failure -> assertThat(
                                ExceptionUtils.findThrowableWithMessage(failure, "'default-route' is 'fail'"))
                        .get()
                        .extracting(Throwable::getMessage)
                        .asString()
                        .contains("No rule matches the topic 'nobody'", "Add a rule for it"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void groupsOfAllSizesSideBySideArriveUnchanged(boolean rulesLookInside) throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 120; i++) {
            String topic = i % 3 == 0 ? "nginx" : i % 3 == 1 ? "sql" : "other";
            rig.write(random.nextInt(2), TestGroups.accessLogs(topic, 1 + random.nextInt(2_500), random));
        }

        String inside =
                "routes: [{source: 192.0.2.1, topic: nginx, to: nginx}, {source: 192.0.2.1, topic: sql, to: sql}]\n";
        RunningJob.run(rig.config("stop: now", (rulesLookInside ? inside : ROUTES) + "default-route: rest"), 2);

        Rig.assertExact(rig.reconcile(unmatchedTo(Set.of("rest"))));
    }

    @Test
    void thousandTopicsFindTheirWay() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            rig.write(i % 4, TestGroups.group("topic-" + i % 1_000, "text " + i));
        }

        RunningJob.run(rig.config("stop: now", """
                routes:
                  - {topic: {glob: 'topic-[0-4]*'}, to: nginx}
                  - {topic: {regex: 'topic-[5-8].*'}, to: sql}
                default-route: rest
                """), 4);

        Rig.assertExact(rig.reconcile(topic -> {
            char first = topic.charAt("topic-".length());
            return Set.of(first <= '4' ? "nginx" : first <= '8' ? "sql" : "rest");
        }));
    }

    private void writeAllKinds() {
        rig.writeToAll("a", 300, "nginx", "sql_audit", "nobody", "", "nginx", "sql");
        for (int shard = 0; shard < 4; shard++) {
            for (byte[] odd : TestGroups.oddOnes("nginx", "odd " + shard)) {
                rig.write(shard, odd);
            }
        }
        rig.write(1, TestGroups.largeOne("nginx"));
        rig.write(2, TestGroups.largeOne("nobody"));
        rig.writeToAll("b", 100, "nginx", "sql_audit", "nobody");
    }

    private static Function<String, Set<String>> unmatchedTo(Set<String> defaultRoute) {
        return topic ->
                topic.equals("nginx") ? Set.of("nginx") : topic.startsWith("sql") ? Set.of("sql") : defaultRoute;
    }
}

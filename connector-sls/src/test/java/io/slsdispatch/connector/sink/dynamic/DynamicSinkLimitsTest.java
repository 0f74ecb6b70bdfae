package io.slsdispatch.connector.sink.dynamic;

import static io.slsdispatch.connector.sink.dynamic.DynamicRig.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.config.DynamicSinkConfig.WhenMissing;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.put.PutListener;
import io.slsdispatch.connector.put.PutMetrics;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the logstores of a writer share, and what each has on its own. */
class DynamicSinkLimitsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Delivery delivery(boolean ordered, long bytes) {
        return new Delivery(ordered, true, false, 8, bytes);
    }

    private static DynamicRig rigOf(DynamicRig rig, int logstores) {
        for (int i = 0; i < logstores; i++) {
            rig.project.add("app-" + i);
        }
        return rig;
    }

    @Test
    void aStalledLogstoreHoldsAnEighthAndOthersGoOn() throws Exception {
        DynamicRig rig = rigOf(
                new DynamicRig(config().delivery(delivery(false, 16 << 20)).build()), 2);
        rig.project.hangs = put -> put.logstore().logstore().equals("app-0");
        rig.first().whileItWaits.add(() -> {
            assertThat(rig.first().metrics.shown("sls.inFlightBytes")).isLessThanOrEqualTo(2 << 20);
            rig.project.hangs = put -> false;
            rig.project.answerOpen();
        });
        int written = 0;
        while (rig.first().metrics.shown("sls.blockedMillis") == 0
                && rig.first().whileItWaits.size() == 1) {
            rig.first().write("app-0", 100_000);
            rig.first().write("app-1", 100_000);
            rig.runMails();
            written++;
        }

        assertThat(written).isBetween(18, 22);
        assertThat(rig.project.storedIn("app-1")).hasSizeGreaterThanOrEqualTo(17);
        rig.first().flush();
    }

    @Test
    void aBusyLogstoreGetsARequestWhileStalledOnesFillTheBudget() throws Exception {
        DynamicRig rig =
                rigOf(new DynamicRig(config().delivery(delivery(false, 8 << 20)).build()), 9);
        rig.project.hangs = put -> !put.logstore().logstore().equals("app-8");
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 10; j++) {
                rig.first().write("app-" + i, 104_000);
            }
            rig.runMails();
        }

        for (int j = 0; j < 40; j++) {
            rig.first().write("app-8", 100_000);
            rig.runMails();
        }

        assertThat(rig.project.storedIn("app-8").size()).isGreaterThanOrEqualTo(35);
        rig.project.hangs = put -> false;
        rig.project.answerOpen();
        rig.first().flush();
    }

    @Test
    void groupsGatherForTheConfiguredTimeButNotAtACheckpoint() throws Exception {
        DynamicRig rig = rigOf(new DynamicRig(config().linger(SECOND).build()), 2);
        rig.first().write("app-0");
        rig.runMails();
        rig.first().write("app-1");
        rig.advance(SECOND.multipliedBy(3));
        rig.project.puts.clear();
        for (int i = 0; i < 5; i++) {
            rig.first().write("app-0");
            rig.first().write("app-1");
            rig.advance(Duration.ofMillis(100));
        }
        assertThat(rig.project.puts).isEmpty();

        rig.advance(Duration.ofMillis(500));
        assertThat(rig.project.puts).hasSize(2).allMatch(put -> put.groups().size() == 5);

        rig.first().write("app-0");
        long before = rig.now();
        rig.first().flush();
        assertThat(rig.now()).isEqualTo(before);
        assertThat(rig.project.storedIn("app-0")).hasSize(7);
    }

    @Test
    void groupsThatAreEnoughForARequestDoNotWait() throws Exception {
        DynamicRig rig = rigOf(new DynamicRig(config().linger(SECOND).build()), 1);
        rig.first().write("app-0");
        rig.advance(SECOND.multipliedBy(2));

        for (int i = 0; i < 6; i++) {
            rig.first().write("app-0", 100_000);
        }
        rig.runMails();

        assertThat(rig.project.storedIn("app-0")).hasSize(7);
    }

    @Test
    void eachLogstoreHasAnOrderOfItsOwn() throws Exception {
        DynamicRig rig =
                rigOf(new DynamicRig(config().delivery(delivery(true, 8 << 20)).build()), 2);
        rig.first().write("app-0");
        rig.first().write("app-1");
        rig.runMails();
        rig.first().flush();
        rig.project.hangs = put -> put.logstore().logstore().equals("app-0");
        for (int i = 0; i < 4; i++) {
            rig.first().write("app-0");
            rig.first().write("app-1");
            rig.runMails();
        }

        assertThat(rig.project.open).hasSize(1);
        assertThat(rig.project.storedIn("app-1")).containsExactly(1, 3, 5, 7, 9);
        rig.project.hangs = put -> false;
        rig.project.answerOpen();
        rig.first().flush();
        assertThat(rig.project.storedIn("app-0")).containsExactly(0, 2, 4, 6, 8);
    }

    @Test
    void anOutageOfOneLogstoreIsItsOwnAndIsRememberedWithoutAnEngine() throws Exception {
        DynamicRig rig = rigOf(
                new DynamicRig(config().outage(new Outage(OnOutage.DEAD_LETTER, SECOND.multipliedBy(5)))
                        .build()),
                2);
        rig.first().write("app-0");
        rig.first().flush();
        rig.project.putFailures = put -> put.logstore().logstore().equals("app-0")
                ? FakeProject.error("PutLogs", 500, "InternalServerError")
                : null;
        for (int i = 0; i < 100; i++) {
            rig.first().write("app-0");
            rig.first().write("app-1");
            rig.advance(Duration.ofMillis(100));
        }
        rig.first().flush();
        assertThat(rig.first().metrics.shown("sls.circuitOpen")).isEqualTo(1);
        assertThat(rig.first().metrics.shown("sls.status")).isEqualTo(5);
        assertThat(rig.project.storedIn("app-1")).hasSize(100);
        assertThat(rig.deadLetters())
                .hasSize(100)
                .allMatch(letter -> letter.logstore().logstore().equals("app-0")
                        && letter.reason().cause() == Cause.OUTAGE);

        rig.advance(Duration.ofMinutes(3));
        assertThat(rig.first().metrics.shown("sls.openLogstores")).isZero();
        assertThat(rig.first().metrics.shown("sls.circuitOpen")).isEqualTo(1);
        int puts = rig.project.puts.size();
        rig.first().write("app-0");
        rig.first().write("app-0");
        rig.first().flush();
        // One probe, no more, and both dead letters.
        assertThat(rig.project.puts.subList(puts, rig.project.puts.size()).stream()
                        .filter(put -> put.logstore().logstore().equals("app-0")))
                .hasSizeLessThan(2);

        rig.project.putFailures = put -> null;
        rig.advance(Duration.ofMillis(1500));
        rig.first().write("app-0");
        rig.first().flush();
        assertThat(rig.first().metrics.shown("sls.circuitOpen")).isZero();
        assertThat(rig.project.storedIn("app-0")).hasSize(2);
    }

    @Test
    void groupsOfAMissingLogstoreGoToAnotherTarget() throws Exception {
        SinkConfig other = SinkConfig.builder("catch-all", new LogstoreId("my-project", "rest"))
                .drainWithin(Duration.ofDays(1))
                .build();
        ConnectionConfig connection = ConnectionConfig.builder(
                        Endpoint.parse("cn-hangzhou.log.aliyuncs.com"), new CredentialsConfig.File("not read"))
                .build();
        DynamicRig rig = new DynamicRig(config().whenMissing(new WhenMissing(null, SecondWay.to(other, connection)))
                .whenInvalid(SecondWay.to(other, connection))
                .deadLetters(null)
                .build());
        rig.project.add("rest");
        rig.project.add("app-1");

        rig.first().write("app-0");
        rig.first().write("app-1");
        rig.first().writeProblem("no topic");
        rig.first().flush();
        rig.first().write("app-0");
        rig.first().flush();

        assertThat(rig.project.storedIn("rest")).containsExactlyInAnyOrder(0, 2, 3);
        assertThat(rig.project.storedIn("app-1")).containsExactly(1);
        assertThat(rig.first().metrics.counted("sls.logstore._second_way_.groups"))
                .isEqualTo(3);
    }

    @Test
    void aThousandLogstoresHaveAHundredSeriesAndBalance() throws Exception {
        DynamicRig rig = rigOf(new DynamicRig(config().maxLogstores(2000).build()), 1000);
        for (int i = 0; i < 1000; i++) {
            rig.first().write("app-" + i);
        }
        rig.first().flush();

        List<String> series = rig.first().metrics.counters().stream()
                .filter(name -> name.startsWith("sls.logstore.") && name.endsWith(".groups"))
                .toList();
        assertThat(series).hasSizeLessThanOrEqualTo(DynamicMetrics.MOST_SERIES + 3);
        assertThat(rig.first().metrics.counted("sls.logstore._others_.groups")).isGreaterThanOrEqualTo(899);
        assertThat(rig.first().metrics.counted("sls.logstore.app-0.groups")).isEqualTo(1);
        assertThat(rig.first().metrics.shown("sls.openLogstores")).isEqualTo(1000);
        rig.advance(Duration.ofMinutes(3));
        assertThat(rig.first().metrics.shown("sls.openLogstores")).isZero();
    }

    @Test
    void namesThatOutsidersChooseDoNotFillTheMemory() throws Exception {
        DynamicRig rig = new DynamicRig(
                config().maxLogstores(3).whenInvalid(SecondWay.DROP).build());
        for (int i = 0; i < 5000; i++) {
            rig.first().write("app-" + i);
            if (i % 100 == 0) {
                rig.first().flush();
                rig.advance(SECOND);
            }
        }
        rig.first().flush();

        assertThat(rig.project.stores).hasSize(4);
        assertThat(rig.project.createCalls).hasSize(3);
        assertThat(rig.first().metrics.shown("sls.absentLogstores")).isLessThanOrEqualTo(1000);
        assertThat(rig.first().metrics.counted("sls.invalidGroups")).isEqualTo(4997);
    }

    @Test
    void aRejectedGroupBecomesADeadLetterOfItsLogstore() throws Exception {
        DynamicRig rig =
                rigOf(new DynamicRig(config().onReject(OnReject.DEAD_LETTER).build()), 1);
        rig.project.putFailures = put ->
                put.logstore().logstore().equals("app-0") ? FakeProject.error("PutLogs", 400, "PostBodyInvalid") : null;

        rig.first().write("app-0");
        rig.first().flush();

        assertThat(rig.deadLetters().get(0).logstore()).isEqualTo(new LogstoreId("my-project", "app-0"));
        assertThat(rig.deadLetters().get(0).target()).isEqualTo("by-app");
    }

    /** A method with a default that is forgotten here would be lost in silence. */
    @Test
    void nothingOfAnEngineIsIgnored() {
        for (Class<?>[] pair : List.of(
                new Class<?>[] {PutListener.class, LogstoreListener.class},
                new Class<?>[] {PutMetrics.class, LogstoreMetrics.class})) {
            Stream<Method> methods =
                    Arrays.stream(pair[0].getDeclaredMethods()).filter(method -> !method.isSynthetic());
            assertThat(methods).allSatisfy(method -> assertThat(pair[1].getDeclaredMethods())
                    .extracting(Method::getName)
                    .contains(method.getName()));
        }
    }
}

package io.slsdispatch.connector.sink.dynamic;

import static io.slsdispatch.connector.sink.dynamic.DynamicRig.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.config.DynamicSinkConfig.WhenMissing;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DynamicReasons;
import io.slsdispatch.connector.model.LogstoreId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether logstores are there: found, created, missing, refused, deleted. */
class DynamicSinkWriterTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void writesEachGroupToItsLogstore() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.add("app-a");
        rig.project.add("team-b");

        rig.first().write("app-a");
        rig.first().write("team-b");
        rig.first().write("app-a");
        rig.first().flush();

        assertThat(rig.project.storedIn("app-a")).containsExactly(0, 2);
        assertThat(rig.project.storedIn("team-b")).containsExactly(1);
        assertThat(rig.project.createCalls).isEmpty();
    }

    @Test
    void createsAMissingLogstoreWithItsSettings() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());

        rig.first().write("app-a");
        rig.first().flush();

        assertThat(rig.project.stores.get("app-a").settings).isEqualTo(FakeProject.SETTINGS);
        assertThat(rig.project.storedIn("app-a")).containsExactly(0);
        assertThat(rig.first().metrics.counted("sls.logstoresCreated")).isEqualTo(1);
        assertThat(rig.first().metrics.shown("sls.maxLogstores")).isEqualTo(200);
    }

    @Test
    void oneOfSeveralWritersCreatesEach() throws Exception {
        DynamicRig rig = new DynamicRig(config().build(), 4);
        for (int i = 0; i < 40; i++) {
            for (DynamicRig.Subtask subtask : rig.subtasks) {
                subtask.write("app-" + i);
            }
        }

        rig.advance(Duration.ofSeconds(30));

        assertThat(rig.project.stores).hasSize(41);
        assertThat(rig.project.createCalls).hasSize(40).doesNotHaveDuplicates();
        for (int i = 0; i < 40; i++) {
            assertThat(rig.project.storedIn("app-" + i)).hasSize(4);
        }
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void aWriterCreatesWhatOthersShouldHaveCreated() throws Exception {
        DynamicRig rig = new DynamicRig(config().build(), 4);
        for (int i = 0; i < 20; i++) {
            rig.first().write("app-" + i);
        }

        rig.advance(Duration.ofSeconds(30));

        assertThat(rig.project.stores).hasSize(21);
        assertThat(rig.project.createCalls).hasSize(20);
    }

    @Test
    void alreadyExistsIsSuccessAndChangesNoSettings() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.createFailures = name -> {
            rig.project.add(name);
            return FakeProject.error("CreateLogStore", 400, "LogStoreAlreadyExist");
        };

        rig.first().write("app-a");
        rig.first().flush();

        assertThat(rig.project.storedIn("app-a")).containsExactly(0);
        assertThat(rig.first().metrics.counted("sls.logstoresCreated")).isZero();
    }

    @Test
    void groupsWaitInOrderUntilANewLogstoreAcceptsThem() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.readyAfter = Duration.ofSeconds(50);
        rig.first().write("app-a");
        rig.first().write("app-a");
        rig.advance(Duration.ofSeconds(20));
        rig.first().write("app-a");

        rig.advance(Duration.ofSeconds(40));
        rig.first().flush();

        assertThat(rig.project.storedIn("app-a")).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(rig.deadLetters()).isEmpty();
        assertThat(rig.project.createCalls).hasSize(1);
    }

    @Test
    void aCheckpointWaitsForANewLogstoreForALimitedTime() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.readyAfter = Duration.ofSeconds(50);
        rig.first().write("app-a");
        rig.advance(Duration.ofSeconds(20));
        long before = rig.now();

        rig.first().flush();

        assertThat(Duration.ofNanos(rig.now() - before)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(18));
        assertThat(rig.codes()).containsExactly(DynamicReasons.NOT_READY);
        assertThat(rig.deadLetters().get(0).logstore()).isEqualTo(new LogstoreId(FakeProject.NAME, "app-a"));

        rig.advance(Duration.ofMinutes(1));
        rig.first().write("app-a");
        rig.advance(Duration.ofMinutes(1));
        rig.first().write("app-a");
        rig.first().flush();

        assertThat(rig.project.storedIn("app-a")).contains(2);
    }

    @Test
    void aCheckpointWaitsForAHangingCreationForALimitedTime() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.holdCalls();
        rig.first().write("app-a");

        rig.first().flush();

        assertThat(rig.codes()).containsExactly(DynamicReasons.NOT_READY);
        rig.releaseCalls();
        rig.advance(SECOND);
        rig.first().write("app-a");
        rig.first().flush();
        assertThat(rig.project.storedIn("app-a")).containsExactly(1);
    }

    @Test
    void groupsWaitForANewLogstoreForALimitedTimeWithoutACheckpoint() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.readyAfter = Duration.ofHours(1);
        rig.first().write("app-a");
        rig.holdCalls();
        rig.first().write("app-b");

        rig.advance(Duration.ofSeconds(115));
        assertThat(rig.deadLetters()).isEmpty();
        rig.advance(Duration.ofSeconds(10));

        assertThat(rig.codes()).containsExactly(DynamicReasons.NOT_READY, DynamicReasons.NOT_READY);
    }

    @Test
    void aFullWriterWaitsForANewLogstoreForALimitedTime() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.readyAfter = Duration.ofHours(1);
        for (int i = 0; i < 4; i++) {
            rig.first().write("app-a", 400_000);
        }

        assertThat(rig.codes()).contains(DynamicReasons.NOT_READY);
        rig.first().flush();
        assertThat(rig.deadLetters()).hasSize(4);
    }

    @Test
    void withoutPermissionGroupsTakeTheSecondWayAtOnceAndCallsAreFew() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.createFailures = name -> FakeProject.error("CreateLogStore", 401, "Unauthorized");
        for (int i = 0; i < 50; i++) {
            rig.first().write("app-" + i);
        }
        rig.first().flush();

        assertThat(rig.codes()).hasSize(50).containsOnly(DynamicReasons.NOT_CREATED);
        assertThat(rig.project.createCalls).hasSize(1);
        assertThat(rig.first().metrics.counted("sls.logstoreCreateRefused")).isEqualTo(1);
        assertThat(rig.first().metrics.shown("sls.status")).isEqualTo(3);
        assertThat(rig.first().metrics.text("sls.problem")).contains("Unauthorized");

        for (int i = 0; i < 600; i++) {
            rig.first().write("app-0");
            rig.first().write("app-new-" + i);
            rig.advance(SECOND);
        }
        assertThat(rig.project.createCalls).hasSizeBetween(3, 8);

        rig.project.createFailures = name -> null;
        for (int i = 0; i < 600; i++) {
            rig.first().write("app-0");
            rig.advance(SECOND);
        }
        rig.first().flush();
        assertThat(rig.project.storedIn("app-0")).hasSizeGreaterThan(200);
        assertThat(rig.deadLetters().size() + rig.project.storedIn("app-0").size())
                .isEqualTo(rig.written());
    }

    @Test
    void aUsedUpQuotaIsARefusal() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.createFailures = name -> FakeProject.error("CreateLogStore", 400, "ProjectQuotaExceed");

        rig.first().write("app-a");
        rig.first().flush();

        assertThat(rig.codes()).containsExactly(DynamicReasons.NOT_CREATED);
    }

    @Test
    void aMissingProjectIsNotCreated() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.listFailure = FakeProject.error("ListLogStores", 404, "ProjectNotExist");
        rig.project.putFailures = put -> put.logstore().equals(DynamicRig.DEAD_LETTERS)
                ? null
                : FakeProject.error("PutLogs", 404, "ProjectNotExist");
        rig.first().write("app-a");

        rig.advance(Duration.ofMinutes(1));

        assertThat(rig.project.createCalls).isEmpty();
        assertThatThrownBy(() -> rig.first().flush())
                .hasStackTraceContaining("was not found for 10 min")
                .hasStackTraceContaining("ProjectNotExist");
    }

    @Test
    void throttledCreationsAreRepeated() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        int[] left = {3};
        rig.project.createFailures = name ->
                left[0]-- > 0 ? FakeProject.error("CreateLogStore", 403, "MetaOperationQpsLimitExceeded") : null;
        rig.first().write("app-a");
        rig.first().write("app-b");

        rig.advance(Duration.ofSeconds(30));

        assertThat(rig.project.storedIn("app-a")).containsExactly(0);
        assertThat(rig.project.storedIn("app-b")).containsExactly(1);
        assertThat(rig.first().metrics.counted("sls.logstoreCreateFailures")).isEqualTo(3);
    }

    @Test
    void withoutCreateGroupsOfMissingLogstoresTakeTheSecondWay() throws Exception {
        DynamicRig rig = new DynamicRig(
                config().whenMissing(new WhenMissing(null, SecondWay.DROP)).build());
        rig.project.add("app-a");
        rig.first().write("app-a");
        rig.first().write("app-b");
        rig.first().flush();

        assertThat(rig.project.storedIn("app-a")).containsExactly(0);
        assertThat(rig.first().metrics.counted("sls.dropped")).isEqualTo(1);
        assertThat(rig.first().metrics.counted("sls.absentGroups")).isEqualTo(1);

        rig.project.add("app-b");
        rig.advance(SECOND.multipliedBy(20));
        rig.first().write("app-b");
        rig.advance(SECOND);
        rig.first().write("app-b");
        rig.first().flush();
        assertThat(rig.project.storedIn("app-b")).containsExactly(3);
    }

    @Test
    void theJobFailsIfItIsToFailForAMissingLogstore() throws Exception {
        DynamicRig rig = new DynamicRig(
                config().whenMissing(new WhenMissing(null, SecondWay.FAIL)).build());
        rig.first().write("app-b");

        assertThatThrownBy(() -> rig.first().flush())
                .hasStackTraceContaining("my-project/app-b does not exist")
                .hasStackTraceContaining("when-missing");
    }

    @Test
    void aDeletedLogstoreIsNotCreatedAgainBeforeItsTime() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.first().write("app-a");
        rig.first().flush();
        rig.project.stores.remove("app-a");

        rig.first().write("app-a");
        rig.first().write("app-a");
        rig.first().flush();

        assertThat(rig.codes()).containsExactly(DynamicReasons.DELETED, DynamicReasons.DELETED);
        assertThat(rig.first().metrics.counted("sls.logstoresDeleted")).isEqualTo(1);
        for (int minute = 0; minute < 58; minute++) {
            rig.first().write("app-a");
            rig.advance(Duration.ofMinutes(1));
        }
        assertThat(rig.project.createCalls).hasSize(1);
        for (int minute = 0; minute < 10; minute++) {
            rig.first().write("app-a");
            rig.advance(Duration.ofMinutes(1));
        }
        assertThat(rig.project.createCalls).hasSize(2);
        rig.first().write("app-a");
        rig.first().flush();
        assertThat(rig.project.storedIn("app-a")).contains(rig.written() - 1);
        assertThat(rig.deadLetters().size() + rig.project.storedIn("app-a").size() + 1)
                .isEqualTo(rig.written());
    }

    @Test
    void aLogstoreThatIsMissingForAMomentIsNotTakenForDeleted() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.add("app-a");
        rig.first().write("app-a");
        rig.first().flush();
        int[] left = {3};
        rig.project.putFailures = put -> left[0]-- > 0 ? FakeProject.error("PutLogs", 404, "LogStoreNotExist") : null;

        rig.first().write("app-a");
        rig.first().flush();

        assertThat(rig.project.storedIn("app-a")).containsExactly(0, 1);
        assertThat(rig.first().metrics.counted("sls.logstoresDeleted")).isZero();
    }

    @Test
    void groupsWithoutALogstoreGoTheirWay() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());

        rig.first().writeProblem("the topic is empty");
        rig.first().write("other-app");
        rig.first().write("Not-Valid");
        rig.first().write("dead-letters");
        rig.first().flush();

        assertThat(rig.codes()).hasSize(4).containsOnly(DynamicReasons.INVALID_NAME);
        assertThat(rig.deadLetters().stream().map(DeadLetter::logstore))
                .containsOnly(new LogstoreId(FakeProject.NAME, "no-logstore"));
        assertThat(rig.deadLetters().get(0).reason().message()).isEqualTo("the topic is empty");
        assertThat(rig.deadLetters().get(1).reason().message()).contains("'other-app' is not an allowed name");
        assertThat(rig.first().metrics.counted("sls.invalidGroups")).isEqualTo(4);
        assertThat(rig.project.createCalls).isEmpty();
    }

    @Test
    void logstoresAreWrittenEvenIfTheyCannotBeListed() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.add("app-a");
        rig.project.listFailure = FakeProject.error("ListLogStores", 401, "Unauthorized");

        rig.first().write("app-a");
        rig.first().write("app-b");
        rig.first().flush();

        assertThat(rig.project.storedIn("app-a")).containsExactly(0);
        assertThat(rig.codes()).containsExactly(DynamicReasons.NOT_READY);
        assertThat(rig.project.createCalls).isEmpty();
    }

    @Test
    void anErrorOfACallFailsTheWriter() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.breaks = new OutOfMemoryError("no heap");
        rig.first().write("app-a");

        assertThatThrownBy(() -> rig.first().flush())
                .hasStackTraceContaining("by-app")
                .hasStackTraceContaining("no heap");
    }

    @Test
    void closingDuringACreationEndsEverything() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.holdCalls();
        rig.first().write("app-a");

        rig.first().writer.close();
        rig.releaseCalls();
        rig.advance(Duration.ofMinutes(5));

        assertThat(rig.project.storedIn("app-a")).isEmpty();
        assertThat(rig.project.stores).hasSize(1);
    }

    @Test
    void aWriterAfterAKillContinuesWithWhatTheFirstCreated() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        rig.project.readyAfter = Duration.ofSeconds(30);
        rig.first().write("app-a");
        rig.advance(SECOND);
        rig.kill(0);

        rig.first().write("app-a");
        rig.advance(Duration.ofSeconds(40));

        assertThat(rig.project.createCalls).hasSize(1);
        assertThat(rig.project.storedIn("app-a")).containsExactly(1);
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void theLimitIsThatOfAllWritersTogether() throws Exception {
        DynamicRig rig = new DynamicRig(config().maxLogstores(60).build(), 4);
        for (int i = 0; i < 100; i++) {
            for (DynamicRig.Subtask subtask : rig.subtasks) {
                subtask.write("app-" + i);
            }
        }

        for (int i = 0; i < 120; i++) {
            rig.advance(SECOND);
        }

        assertThat(rig.project.mostStores).isEqualTo(61);
        assertThat(rig.project.createCalls.size()).isLessThan(70);
        for (DynamicRig.Subtask subtask : rig.subtasks) {
            subtask.flush();
        }
        assertThat(rig.codes()).contains(DynamicReasons.TOO_MANY);
        long stored = rig.project.stores.values().stream()
                .filter(store -> store != rig.project.stores.get("dead-letters"))
                .mapToLong(store -> store.groups.size())
                .sum();
        assertThat(stored + rig.deadLetters().size()).isEqualTo(400);
        assertThat(rig.first().metrics.shown("sls.logstores")).isEqualTo(60);
    }

    @Test
    void theLimitHoldsWhenWritersAreKilledMeanwhile() throws Exception {
        DynamicRig rig = new DynamicRig(config().maxLogstores(60).build(), 4);
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < 100; i++) {
                rig.subtasks.get((i + round) % 4).write("app-" + i);
            }
            rig.advance(SECOND.multipliedBy(7));
            rig.kill(round % 4);
        }

        assertThat(rig.project.mostStores).isLessThanOrEqualTo(61);
        assertThat(rig.project.createCalls.size()).isLessThan(100);
    }

    @Test
    void anUnknownResultOfACreationIsFoundOut() throws Exception {
        DynamicRig rig = new DynamicRig(config().maxLogstores(1).build());
        rig.project.createFailures = name -> {
            rig.project.add(name);
            return new SlsException(
                    ErrorKind.UNAVAILABLE, "CreateLogStore", name, -1, "RequestError", "", "lost", null);
        };

        rig.first().write("app-a");
        rig.first().flush();

        assertThat(rig.project.storedIn("app-a")).containsExactly(0);
        assertThat(rig.project.createCalls).hasSize(1);
    }

    @Test
    void nothingIsLostWhateverFails() throws Exception {
        DynamicRig rig = new DynamicRig(config().build());
        java.util.Random random = new java.util.Random(7);
        rig.project.readyAfter = Duration.ofSeconds(20);
        rig.project.createFailures =
                name -> random.nextInt(3) == 0 ? FakeProject.error("CreateLogStore", 500, "InternalServerError") : null;
        rig.project.putFailures =
                put -> random.nextInt(4) == 0 ? FakeProject.error("PutLogs", 500, "InternalServerError") : null;
        for (int i = 0; i < 600; i++) {
            rig.first().write("app-" + random.nextInt(30));
            rig.advance(Duration.ofMillis(random.nextInt(300)));
            if (random.nextInt(100) == 0) {
                rig.project.stores.remove("app-" + random.nextInt(30));
            }
            if (random.nextInt(60) == 0) {
                rig.first().flush();
            }
        }
        rig.first().flush();

        long settled = rig.first().metrics.counted("numRecordsSend")
                + rig.first().metrics.counted("sls.deadLettered");
        assertThat(settled).isEqualTo(600);
        assertThat(List.copyOf(rig.deadLetters()))
                .hasSize((int) rig.first().metrics.counted("sls.deadLettered"));
    }
}

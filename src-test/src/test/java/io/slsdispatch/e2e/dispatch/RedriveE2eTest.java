package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder.Encoded;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters are brought back to their targets. */
@OnMiniCluster
class RedriveE2eTest {

    private static final Instant TIME = Instant.parse("2026-05-04T03:00:00Z");
    private static final String DEAD_LETTER_DEFAULTS = """
            routes:
              - {topic: good, to: good}
              - {topic: bad, to: bad}
            default-route: drop
            defaults:
              %s
              dead-letter: {logstore: dead-letters}
              retry: {initial-backoff: 10ms, max-backoff: 100ms, give-up-after: %s}
            """;

    @WithLogstores(
            sourceShards = 2,
            targets = {"good", "bad"})
    private Rig rig;

    private Letters letters;
    private Path config;

    @BeforeEach
    void startSls() throws IOException {
        rig.sls().createLogstore(Rig.PROJECT, Letters.LOGSTORE.logstore(), 2);
        letters = new Letters(rig.sls());
        config = rig.file("", DEAD_LETTER_DEFAULTS.formatted("on-reject: dead-letter", "1s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on-reject", "on-outage"})
    void whatATargetDidNotTakeArrivesByteForByteOnceItTakesItAgain(String policy) throws Exception {
        Effect way = policy.equals("on-reject")
                ? new Effect.Refuse(400, "PostBodyInvalid", "not today", Effect.Moment.BEFORE)
                : new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE);
        rig.sls().faults().add(Fault.always(way).on(Operation.PUT_LOGS).inLogstore("bad"));
        rig.writeToAll("small", 150, "good", "bad");
        rig.write(0, TestGroups.largeOne("bad"));
        rig.write(1, TestGroups.group("bad", noise(3_000_000)));
        long forBad = rig.entries(Rig.SOURCE.logstore()).stream()
                .filter(entry -> entry.topic().equals("bad"))
                .count();
        String defaults = DEAD_LETTER_DEFAULTS.formatted(
                policy + ": dead-letter" + (policy.equals("on-outage") ? "\n  outage-after: 300ms" : ""), "never");
        try (RunningJob job = RunningJob.start(rig.config("", defaults), 2)) {
            job.awaitWhileRunning("all letters", any -> assertThat(toSend(redrive("--dry-run", "--json")))
                    .isEqualTo(forBad));
        }
        rig.sls().faults().clear();

        InProcess run = redrive();

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("All dead letters were sent.");
        Rig.assertExact(rig.reconcile(topic -> Set.of(topic)));
    }

    /** A restart pulls from other cursors, so that each group lies elsewhere in its pull. */
    @Test
    void groupsThatBecomeDeadLettersAgainAfterARestartAreSentOnce() throws Exception {
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(400, "PostBodyInvalid", "not today", Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("bad"));
        JobConfig job = rig.config("", DEAD_LETTER_DEFAULTS.formatted("on-reject: dead-letter", "never"));
        try (RunningJob first = RunningJob.start(job, 2)) {
            for (int part = 1; part <= 4; part++) {
                rig.writeToAll("part " + part, 3, "bad");
                int all = 6 * part;
                first.awaitWhileRunning("letters", any -> assertThat(stored()).hasSize(all));
            }
        }
        try (RunningJob second = RunningJob.start(job, 1)) {
            second.awaitWhileRunning(
                    "the same again", any -> assertThat(stored()).hasSize(48));
        }
        rig.sls().faults().clear();

        assertThat(toSend(redrive("--dry-run", "--json"))).isEqualTo(24);
        assertThat(redrive().exitCode()).isEqualTo(ExitCode.OK);
        Rig.assertExact(rig.reconcile(topic -> Set.of(topic)));
    }

    private List<LedgerEntry> stored() throws IOException {
        List<LedgerEntry> stored = new ArrayList<>();
        try (SlsClient client = rig.client()) {
            new LetterBox(client, Letters.LOGSTORE).of("bad").entries().forEachRemaining(stored::add);
        }
        return stored;
    }

    @Test
    void countingSendsNothingAndSaysWhatWouldGoWhere() throws Exception {
        letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("1")));
        letters.store(1, letters.of("good", Cause.OUTAGE, TIME, group("2")));
        letters.store(1, letters.of("bad", Cause.OUTAGE, TIME, group("3")));

        InProcess text = redrive("--dry-run");
        assertThat(text.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(text.out())
                .contains("nothing is sent", "from     e2e-project/dead-letters", "Run it without --dry-run to send.")
                .containsPattern("bad +e2e-project/bad +outage +1 ")
                .containsPattern("good +e2e-project/good +rejected +1 ");

        JsonObject json = redrive("--dry-run", "--json").json();
        assertThat(json.get("complete").getAsBoolean()).isTrue();
        assertThat(json.getAsJsonArray("letters")).hasSize(3);
        assertThat(arrived("good")).isEmpty();
        assertThat(arrived("bad")).isEmpty();
    }

    @Test
    void onlyWhatIsAskedForIsSent() throws Exception {
        letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("early")));
        letters.store(0, letters.of("good", Cause.REJECTED, TIME.plusSeconds(60), group("taken")));
        letters.store(0, letters.of("good", Cause.OUTAGE, TIME.plusSeconds(60), group("other reason")));
        letters.store(0, letters.of("bad", Cause.REJECTED, TIME.plusSeconds(60), group("other target")));
        letters.store(0, letters.of("good", Cause.REJECTED, TIME.plusSeconds(120), group("late")));

        InProcess run = redrive(
                "--target",
                "good",
                "--reason",
                "rejected",
                "--since",
                TIME.plusSeconds(1),
                "--until",
                TIME.plusSeconds(120).getEpochSecond());

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("4 other dead letters do not match the selection.");
        assertThat(arrived("good")).containsExactly(digest("taken"));
        assertThat(arrived("bad")).isEmpty();
    }

    @Test
    void sameLetterIsSentOnceAndPartsOfLargeOnesAreFoundInEveryShard() throws Exception {
        DeadLetter twice = letters.of("good", Cause.REJECTED, TIME, group("twice"));
        letters.store(0, twice);
        letters.store(1, twice);
        byte[] large = TestGroups.group("good", noise(2_500_000));
        DeadLetter largeLetter = letters.of("good", Cause.REJECTED, TIME, large);
        // The job failed while it stored this one, and stored it again.
        letters.storeLog(0, letters.encode(largeLetter).log(1));
        Encoded whole = letters.encode(largeLetter);
        for (int chunk = whole.chunks() - 1; chunk >= 0; chunk--) {
            letters.storeLog(chunk % 2, whole.log(chunk));
        }

        InProcess run = redrive("--json");

        assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.OK);
        assertThat(arrived("good")).containsExactlyInAnyOrder(digest("twice"), GroupDigest.of(large));
        JsonObject row = run.json().getAsJsonArray("letters").get(0).getAsJsonObject();
        assertThat(row.get("sent").getAsInt()).isEqualTo(2);
        assertThat(row.get("sentBefore").getAsInt()).isEqualTo(1);
    }

    @Test
    void nothingThatIsLeftBehindIsHiddenAndTheNextRunTriesIt() throws Exception {
        Path state = rig.folder().resolve("redrive.state");
        letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("fine")));
        letters.store(0, letters.of("bad", Cause.REJECTED, TIME, group("refused again")));
        letters.store(0, letters.of("former", Cause.REJECTED, TIME, group("nowhere to go")));
        Encoded large =
                letters.encode(letters.of("good", Cause.REJECTED, TIME, TestGroups.group("good", noise(1_000_000))));
        letters.storeLog(1, large.log(1));
        String broken = new String(
                        letters.encode(letters.of("good", Cause.REJECTED, TIME, group("broken")))
                                .log(0),
                        StandardCharsets.ISO_8859_1)
                .replace("sha256", "sha265");
        letters.storeLog(1, broken.getBytes(StandardCharsets.ISO_8859_1));
        letters.store(1, letters.of("good", Cause.REJECTED, TIME, group("behind them")));
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(400, "PostBodyInvalid", "never", Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("bad"));

        InProcess first = redrive("--state", state);
        assertThat(first.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(first.out())
                .contains("Rejected by the target: 1", "PostBodyInvalid", "Not sent: 1", "neither a target 'former'")
                .contains("Unreadable: 1", "the field sha256 is missing", "Incomplete: 1", "1 of its 2 logs")
                .contains("NOT all dead letters were sent");
        assertThat(arrived("good")).containsExactlyInAnyOrder(digest("fine"), digest("behind them"));

        rig.sls().faults().clear();
        letters.storeLog(0, large.log(0));
        InProcess second = redrive("--state", state, "--json");
        assertThat(second.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(second.json().getAsJsonObject("incomplete").get("count").getAsInt())
                .isZero();
        assertThat(second.json().getAsJsonObject("notSent").get("count").getAsInt())
                .isEqualTo(1);
        assertThat(arrived("bad")).containsExactly(digest("refused again"));
        assertThat(arrived("good")).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void secondRunOfTheSameStateSendsOnlyWhatIsNew() throws Exception {
        Path state = rig.folder().resolve("redrive.state");
        letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("old")));
        assertThat(redrive("--state", state).exitCode()).isEqualTo(ExitCode.OK);

        InProcess nothing = redrive("--state", state);
        assertThat(nothing.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(nothing.out()).contains("continues from the state", "No dead letters found that are not sent yet");
        letters.store(1, letters.of("good", Cause.REJECTED, TIME, group("new")));
        assertThat(redrive("--state", state).exitCode()).isEqualTo(ExitCode.OK);

        assertThat(arrived("good")).containsExactlyInAnyOrder(digest("old"), digest("new"));
        InProcess other = redrive("--state", state, "--target", "good");
        assertThat(other.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err()).contains("is the state file of another redrive", "for good");
    }

    @Test
    void failuresThatPassAreBorneAndATargetThatIsDownDoesNotHoldTheOthers() throws Exception {
        for (int i = 0; i < 40; i++) {
            letters.store(i % 2, letters.of("good", Cause.OUTAGE, TIME, group("good " + i)));
            letters.store(i % 2, letters.of("bad", Cause.OUTAGE, TIME, group("bad " + i)));
        }
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(403, "WriteQuotaExceed", "slow down", Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("good")
                        .times(2));
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Reset(Effect.Moment.BEFORE))
                        .on(Operation.PULL_LOGS)
                        .inLogstore("dead-letters")
                        .times(1));
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("bad"));

        InProcess run = redrive();

        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(run.out()).contains("Not sent: 40", "it accepted nothing for 1 s", "and 20 more");
        assertThat(run.err()).contains("target good: retrying", "retrying for");
        assertThat(arrived("good")).hasSize(40).doesNotHaveDuplicates();
        assertThat(arrived("bad")).isEmpty();
    }

    @Test
    void quotaOfATargetSlowsTheRunDownAndLosesNothing() throws Exception {
        config =
                rig.file("", DEAD_LETTER_DEFAULTS.formatted("on-reject: dead-letter", "never") + "  batching: false\n");
        for (int i = 0; i < 60; i++) {
            letters.store(i % 2, letters.of("good", Cause.OUTAGE, TIME, group("good " + i)));
        }
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Quota(
                                Effect.Limited.SHARD,
                                OptionalLong.empty(),
                                OptionalLong.of(10),
                                Duration.ofMillis(200)))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("good"));

        assertThat(redrive().exitCode()).isEqualTo(ExitCode.OK);

        assertThat(arrived("good")).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void lettersGoWhereTheirLogstoreIsNowOrWhereTheyAreTold() throws Exception {
        letters.store(0, letters.of("old-name", new LogstoreId(Rig.PROJECT, "good"), Cause.REJECTED, TIME, group("1")));
        letters.store(0, letters.of("bad", new LogstoreId(Rig.PROJECT, "old-place"), Cause.REJECTED, TIME, group("2")));
        assertThat(redrive().exitCode()).isEqualTo(ExitCode.OK);
        assertThat(arrived("good")).containsExactly(digest("1"));
        assertThat(arrived("bad")).containsExactly(digest("2"));

        assertThat(redrive("--to", "good", "--from", "e2e-project/dead-letters").exitCode())
                .isEqualTo(ExitCode.OK);
        assertThat(arrived("good")).containsExactlyInAnyOrder(digest("1"), digest("1"), digest("2"));
    }

    @Test
    void whatCannotBeReadIsToldWithACure() throws Exception {
        assertThat(redrive("--from", "e2e-project/nowhere"))
                .satisfies(run -> assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED))
                .satisfies(run -> assertThat(run.out()).contains("Reading stopped early", "nowhere", "NotExist"));
        assertThat(redrive("--from", "nowhere").err()).contains("--from", "is not PROJECT/LOGSTORE");
        assertThat(redrive("--since", "yesterday").err()).contains("--since", "2018-12-26T00:00:00Z");
        assertThat(redrive("--reason", "bad").err()).contains("'rejected' or 'outage'");
        assertThat(redrive("--to", "godo").err()).contains("--to godo: unknown target. Did you mean 'good'?");
        assertThat(redrive("--since", TIME, "--until", TIME).err()).contains("is not before");
        assertThat(redrive("--target", "godo"))
                .satisfies(run -> assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION))
                .satisfies(run -> assertThat(run.err())
                        .contains("--target godo: unknown target. Did you mean 'good'?", "--to NAME"));
        assertThat(redrive("--state", Files.writeString(rig.folder().resolve("other"), "something else\n"))
                        .err())
                .contains("is not a state file", "Use another file");
        config = rig.file("", "routes: [{topic: good, to: good}]\ndefault-route: drop\n");
        assertThat(redrive())
                .satisfies(run -> assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION))
                .satisfies(run -> assertThat(run.err()).contains("has no dead-letter logstore", "--from"));
    }

    @Test
    void nothingIsSentWhenTheStateCannotBeWritten() throws Exception {
        letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("1")));

        InProcess run =
                redrive("--state", rig.folder().resolve("no such rig.folder()").resolve("redrive.state"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("Cannot write the --state file", "no such rig.folder()", "Nothing was sent");
        assertThat(arrived("good")).isEmpty();
    }

    /** However the service answers at an expired cursor. */
    @ParameterizedTest
    @EnumSource(Effect.ExpiredAnswer.class)
    void lettersThatAreGoneAreToldOf(Effect.ExpiredAnswer answer) throws Exception {
        Path state = rig.folder().resolve("redrive.state");
        letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("1")));
        assertThat(redrive("--state", state).exitCode()).isEqualTo(ExitCode.OK);
        for (int i = 2; i < 6; i++) {
            letters.store(0, letters.of("good", Cause.REJECTED, TIME, group(Integer.toString(i))));
        }
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.ExpiredCursor(answer))
                        .on(Operation.PULL_LOGS)
                        .inLogstore(Letters.LOGSTORE.logstore())
                        .times(answer == Effect.ExpiredAnswer.ERROR ? 1 : Integer.MAX_VALUE));
        rig.sls().trim(Rig.PROJECT, Letters.LOGSTORE.logstore(), 0, 3);

        InProcess run = redrive("--state", state);

        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(run.out()).contains("Expired before they were read: 1", "shard 0 of e2e-project/dead-letters");
        assertThat(arrived("good")).containsExactlyInAnyOrder(digest("1"), digest("4"), digest("5"));
    }

    @Test
    void lettersThatAnAnswerLeavesOutAreAskedForAgain() throws Exception {
        letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("1")));
        letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("2")));
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.HeaderPlus("x-log-count", 1))
                        .on(Operation.PULL_LOGS)
                        .inLogstore(Letters.LOGSTORE.logstore())
                        .inShard(0)
                        .times(1));

        InProcess run = redrive();

        assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("retrying for", "says 3 log groups, but the body has 2");
        assertThat(arrived("good")).containsExactlyInAnyOrder(digest("1"), digest("2"));
    }

    /** No source says that the numbers in cursors have no holes. */
    @Test
    void lettersAroundHolesInCursorNumbersAreSentOnceAndNoneCountsAsGone() throws Exception {
        String deadLetters = Letters.LOGSTORE.logstore();
        rig.sls().jump(Rig.PROJECT, deadLetters, 0, 7);
        List<GroupDigest> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            letters.store(0, letters.of("good", Cause.REJECTED, TIME, group("hole " + i)));
            sent.add(digest("hole " + i));
            if (i == 1 || i == 2 || i == 5) {
                rig.sls().jump(Rig.PROJECT, deadLetters, 0, i == 2 ? 1_000_000_000_000_000L : 1);
            }
        }

        InProcess run = redrive();

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).doesNotContain("Expired before they were read");
        assertThat(arrived("good")).containsExactlyInAnyOrderElementsOf(sent);
    }

    private InProcess redrive(Object... arguments) throws Exception {
        List<Object> all = new ArrayList<>(List.of("redrive", "--config", config));
        all.addAll(List.of(arguments));
        return InProcess.run(all.toArray());
    }

    private static long toSend(InProcess run) {
        long sum = 0;
        for (var row : run.json().getAsJsonArray("letters")) {
            sum += row.getAsJsonObject().get("toSend").getAsLong();
        }
        return sum;
    }

    private static byte[] group(String text) {
        return TestGroups.group("topic", text);
    }

    private static GroupDigest digest(String text) {
        return GroupDigest.of(group(text));
    }

    private List<GroupDigest> arrived(String target) throws IOException {
        return rig.entries(target).stream().map(LedgerEntry::digest).toList();
    }

    /** Text that LZ4 cannot make smaller. */
    private static String noise(int length) {
        StringBuilder text = new StringBuilder(length);
        new Random(length).ints(length, ' ' + 1, 127).forEach(letter -> text.append((char) letter));
        return text.toString();
    }
}

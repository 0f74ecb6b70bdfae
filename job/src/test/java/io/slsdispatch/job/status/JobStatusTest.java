package io.slsdispatch.job.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.slsdispatch.connector.metrics.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The status from recorded answers of Flink: a job of two shards and two targets, of which 'bad' is missing at the
 * service.
 */
class JobStatusTest {

    private static final int COLUMNS = 80;

    private static JobStatus read(RecordedFlink flink) throws Exception {
        JobStatus status = JobStatus.read(flink, time -> {}, null);
        assertThat(status.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
        return status;
    }

    private static String text(JobStatus status) {
        return String.join("\n", status.lines());
    }

    private static String oneLine(JobStatus status) {
        return text(status).replaceAll("\\s+", " ");
    }

    /** A job without a problem. */
    private static RecordedFlink healthy() {
        RecordedFlink flink = new RecordedFlink("2.3");
        flink.set("__Writer.sls.status", "0");
        flink.set(".oldestInFlightMillis", "0");
        flink.set(".flushMillis", "3");
        flink.set(".problem", "");
        JsonObject checkpoints = flink.answer("/checkpoints");
        checkpoints.add("history", JsonParser.parseString("[]"));
        return flink;
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "1.20"})
    void aMissingTargetIsNamedWithItsCauseAndWhatToDo(String version) throws Exception {
        JobStatus status = read(new RecordedFlink(version));

        assertThat(status.isWell()).isFalse();
        assertThat(oneLine(status))
                .contains(
                        "RUNNING for ",
                        "something is wrong",
                        "target 'bad': PutLogs on my-project/bad failed (NOT_FOUND): LogStoreNotExist",
                        "next attempt in ",
                        "; the job fails in ",
                        "Create the project or logstore, or correct the target.",
                        "rules version 1",
                        "restarts 0");
        assertThat(text(status)).containsPattern("\\nbad +denied ").containsPattern("\\ngood +ok ");
        assertThat(text(status)).containsPattern("\\n0 +\\d").containsPattern("\\n1 +\\d");
    }

    @Test
    void aJobWithoutAProblemRunsWell() throws Exception {
        JobStatus status = read(healthy());
        assertThat(text(status)).contains(", running well").doesNotContain("WRONG", "NOTE");
        assertThat(status.isWell()).isTrue();
        JsonObject json = JsonParser.parseString(status.jsonText()).getAsJsonObject();
        assertThat(json.get("well").getAsBoolean()).isTrue();
        assertThat(json.get("state").getAsString()).isEqualTo("RUNNING");
        assertThat(json.getAsJsonArray("shards")).hasSize(2);
    }

    @Test
    void aRestartingJobShowsTheRootCauseAndNotTheFramesOfFlink() throws Exception {
        RecordedFlink flink = healthy();
        JsonObject job = flink.job();
        job.addProperty("state", "RESTARTING");
        long now = job.get("now").getAsLong();
        flink.answer("/exceptions?maxExceptions=1")
                .add("exceptionHistory", JsonParser.parseString("""
                        {"entries": [{"exceptionName": "x", "timestamp": %d, "taskName": "t", "stacktrace":
                        "org.apache.flink.util.FlinkException: Global failure\\n\\tat a.B.c(D.java:1)\\nCaused by: \
                        java.io.IOException: cannot read the credentials from /keys: no such file\\n\\tat x.Y.z(Z.java:3)"}]}
                        """.formatted(now - 3_000)));

        JobStatus status = read(flink);

        assertThat(status.isWell()).isFalse();
        assertThat(oneLine(status))
                .contains("RESTARTING for", "job: cannot read the credentials from /keys: no such file", "3 s ago");
        assertThat(text(status)).doesNotContain("\tat ", "Global failure");
    }

    @Test
    void anOldFailureIsANote() throws Exception {
        RecordedFlink flink = healthy();
        long now = flink.job().get("now").getAsLong();
        flink.answer("/exceptions?maxExceptions=1")
                .add(
                        "exceptionHistory",
                        JsonParser.parseString("{\"entries\": [{\"timestamp\": " + (now - 3_600_000)
                                + ", \"stacktrace\": \"java.io.IOException: a network that broke\"}]}"));
        JobStatus status = read(flink);
        assertThat(status.isWell()).isTrue();
        assertThat(oneLine(status)).contains("NOTE job: last failure: a network that broke 1 h 0 min ago");
    }

    /** Flink drops the gauges of a process whose metrics exceed 10 MB. */
    @Test
    void metricsThatFlinkLeavesOutAreReportedAndNotTakenForHealth() throws Exception {
        RecordedFlink flink = healthy().without(id -> id.contains(".sls.") && !id.endsWith("retries"));
        JobStatus status = read(flink);
        assertThat(status.isWell()).isFalse();
        assertThat(oneLine(status)).contains("status: Flink's answer lacks metrics of 2 of 2 targets", "10 MB");
        assertThat(text(status)).containsPattern("\\nbad +\\? ");
    }

    @Test
    void aCheckpointThatDoesNotCompleteNamesTheTargetThatItWaitsFor() throws Exception {
        RecordedFlink flink = healthy();
        long now = flink.job().get("now").getAsLong();
        flink.answer("/checkpoints")
                .add(
                        "history",
                        JsonParser.parseString("[{\"id\": 7, \"status\": \"IN_PROGRESS\", \"trigger_timestamp\": "
                                + (now - 42_000) + "}]"));
        flink.set("put_to_good__Writer.sls.flushMillis", "41000");
        JobStatus status = read(flink);
        assertThat(oneLine(status)).contains("checkpoint: has not completed for 42 s; it waits for target 'good'");
    }

    @Test
    void aStartGroupThatDidNotExistIsANote() throws Exception {
        RecordedFlink flink = healthy();
        flink.addNextTo(".retentionSeconds", ".startGroupMissing", "1");
        JobStatus status = read(flink);
        assertThat(oneLine(status))
                .contains("the consumer group of 'start: group' did not exist", "If its name is wrong, stop the job");
        assertThat(status.isWell()).isTrue();
    }

    @Test
    void groupsThatMatchNoRuleAreANoteWithTheirNumberOverAllSubtasks() throws Exception {
        RecordedFlink flink = healthy();
        flink.set(".sls.unmatchedGroups", "450");
        flink.set(".sls.malformedGroups", "1");
        JobStatus status = read(flink);
        assertThat(oneLine(status))
                .contains(
                        "running well",
                        "NOTE rules: 900 log groups matched no rule, and went where 'default-route' says 'preview' shows",
                        "rules: 2 log groups are malformed, and went where 'dispatch.on-malformed' says");
        JsonObject json = JsonParser.parseString(status.jsonText()).getAsJsonObject();
        assertThat(json.get("unmatchedGroups").getAsLong()).isEqualTo(900);
        assertThat(status.isWell()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        ".cursorJumps, 2, true, source: the numbers in the service's cursors have 4 holes",
        ".shardEndsInDoubt, 1, false, 'source: 2 shards return nothing more, but have not reached their end'",
        ".waitingShards, 2, true, source: 2 shards wait until the shards before them are read and delivered",
        ".foreignCommits, 3, true, source: another consumer commits to the job's consumer group: 6 times",
        ".startGroupCommits, 5, true, are still running: 5 commits Stop them",
        ".logstore.all-logs.credentialsFailures, 1, true, credentials: could not be renewed 2 times",
        ".put_to_bad__Writer.sls.credentialsFailures, 4, true, credentials: could not be renewed 8 times",
        ".sls.imbalance, -1, false, accounting: the dispatcher's numbers of log groups differ by 2",
        ".put_to_bad__Writer.sls.sinkImbalance, 1, false, accounting: a sink's numbers of log groups differ by 2"
    })
    void whatAnAlertCountsIsShown(String metric, String value, boolean isWell, String shown) throws Exception {
        RecordedFlink flink = healthy();
        flink.set(metric, value);
        JobStatus status = read(flink);
        assertThat(oneLine(status)).contains(shown);
        assertThat(status.isWell()).isEqualTo(isWell);
    }

    @Test
    void aJobNearTheRetentionIsWarnedOf() throws Exception {
        RecordedFlink flink = healthy();
        flink.set(".retentionSeconds", "86400");
        flink.set(".shard.0.lagSeconds", "50000");
        assertThat(oneLine(read(flink))).contains("behind, and the logstore keeps data for 1 d 0 h: data will be lost");
    }

    @Test
    void aSourceThatCannotBeListedAndRulesThatAreRejectedAreShown() throws Exception {
        RecordedFlink flink = healthy();
        Instant now = Instant.ofEpochMilli(flink.job().get("now").getAsLong());
        flink.set(
                "enumerator.sls.logstore.all-logs.problem",
                new Problem(
                                Problem.Kind.UNAVAILABLE,
                                now.minusSeconds(30),
                                now.plusSeconds(5),
                                now.plusSeconds(570),
                                "ListShards failed")
                        .text());
        flink.set(
                ".rulesProblem",
                new Problem(Problem.Kind.REFUSED, now.minusSeconds(9), null, null, "routes[0].to: no such target")
                        .text());
        assertThat(oneLine(read(flink)))
                .contains(
                        "source: ListShards failed since 30 s, next attempt in 5 s; the job fails in 9 min 30 s",
                        "rules: new rules are rejected: routes[0].to: no such target since 9 s");
    }

    @Test
    void theProgressOfABoundedRunIsABarWithTheTimeLeft() throws Exception {
        RecordedFlink flink = healthy();
        flink.set(".runPercent", "50.0");
        flink.set(".runSecondsLeft", "150");
        assertThat(text(read(flink)))
                .contains("bounded run", "Bounded run [███████████████...............] 50.0 %, about 2 min 30 s left");
    }

    @Test
    void requestsAreFewAndShortWhateverTheNumberOfTargets() throws Exception {
        RecordedFlink flink = new RecordedFlink("2.3");
        flink.addTargets(1_000);
        JobStatus status = read(flink);
        assertThat(flink.asked).hasSizeLessThan(210);
        assertThat(text(status)).contains("... and 982 more");
        assertThat(oneLine(status)).doesNotContain("The job is too large");
    }

    /** As 'status' prints it, for the page of the commands. */
    @Test
    void theDocumentedOutputIsThatOfTheRecordedJob() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "commands.md"));
        assertThat(page).contains("```\n" + text(read(new RecordedFlink("2.3"))) + "\n```");
    }

    @ParameterizedTest
    @CsvSource({
        "29_000, 'starting', 'Ask again in a few seconds'",
        "30_000, 'something is wrong', 'Flink has too few slots'"
    })
    void aJobWhoseTasksDoNotRunIsStartingAtFirst(String age, String verdict, String hint) throws Exception {
        RecordedFlink flink = healthy();
        long now = flink.job().get("now").getAsLong();
        flink.job().getAsJsonObject("timestamps").addProperty("RUNNING", now - Long.parseLong(age.replace("_", "")));
        flink.job()
                .getAsJsonArray("vertices")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("tasks")
                .addProperty("RUNNING", 0);
        JobStatus status = read(flink);
        assertThat(status.isWell()).isFalse();
        assertThat(oneLine(status)).contains(verdict, "of its tasks do not run yet", hint);
    }

    @ParameterizedTest
    @CsvSource({"CANCELED, is CANCELED", "SUSPENDED, is SUSPENDED", "CREATED, is CREATED"})
    void otherStatesAreNotWell(String state, String text) throws Exception {
        RecordedFlink flink = healthy();
        flink.job().addProperty("state", state);
        JobStatus status = read(flink);
        assertThat(status.isWell()).isFalse();
        assertThat(oneLine(status)).contains(text);
    }

    @Test
    void aJobThatHasFinishedIsWell() throws Exception {
        RecordedFlink flink = healthy();
        flink.job().addProperty("state", "FINISHED");
        JobStatus status = read(flink);
        assertThat(status.isWell()).isTrue();
        assertThat(text(status)).contains("all delivered");
    }

    @Test
    void severalJobsOfOursAreNotGuessed() {
        RecordedFlink flink = healthy();
        var jobs = flink.answer("/jobs/overview").getAsJsonArray("jobs");
        jobs.add(jobs.get(0).deepCopy());
        assertThatThrownBy(() -> JobStatus.read(flink, time -> {}, null))
                .isInstanceOf(NoJobException.class)
                .hasMessageContaining("Several jobs of sls-dispatch run: pass one with --job")
                .matches(e -> ((NoJobException) e).isArgumentWrong());
    }

    @Test
    void rootCausesAreOneLineWithAHint() {
        assertThat(RootCause.of("org.apache.flink.runtime.JobException: Recovery is suppressed\nCaused by:"
                        + " org.apache.flink.runtime.X$YException: Could not acquire the minimum required resources."))
                .isEqualTo(new RootCause(
                        "Could not acquire the minimum required resources.",
                        "Flink has too few slots: start more TaskManagers, or lower the parallelism."));
        assertThat(RootCause.of("java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(D.java)"))
                .isEqualTo(new RootCause("OutOfMemoryError: Java heap space", "See 'out of memory' in the runbook."));
        assertThat(RootCause.of("java.lang.RuntimeException: java.io.IOException: target 'x' was not found\n"
                                + "Caused by: java.io.IOException: target 'x' was not found")
                        .message())
                .isEqualTo("target 'x' was not found");
        assertThat(RootCause.of("").message()).isEqualTo("unknown");
        assertThat(RootCause.of("java.io.IOException: a\u001b[31m line").message())
                .doesNotContain("\u001b");
    }

    @Test
    void linesAreBrokenBetweenWords() {
        List<String> lines = new ArrayList<>(Texts.wrap("a ".repeat(100) + "x".repeat(100), COLUMNS));
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
        assertThat(String.join("", lines).replace(" ", "")).isEqualTo("a".repeat(100) + "x".repeat(100));
    }
}

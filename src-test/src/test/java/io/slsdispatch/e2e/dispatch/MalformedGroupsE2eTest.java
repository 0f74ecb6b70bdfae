package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The source holds bytes that are no log group, in the midst of those that are. */
@OnMiniCluster
class MalformedGroupsE2eTest {

    private static final byte[] CUT = {0x0A, 0x7F, 1, 2};
    private static final String ROUTES = """
            routes:
              - {topic: t, to: target}
            default-route: drop
            dispatch: {on-malformed: %s}
            defaults:
              on-reject: dead-letter
              dead-letter: {logstore: dead-letters}
            """;

    @WithLogstores(
            sourceShards = 1,
            targets = {"target", "rest"})
    private Rig rig;

    @BeforeEach
    void startSls() throws IOException {
        rig.sls().createLogstore(Rig.PROJECT, Letters.LOGSTORE.logstore(), 1);
        rig.writeToAll("before", 10, "t");
        for (byte[] bytes : List.of(CUT, nested(10_000))) {
            rig.sls().putBytes(Rig.PROJECT, Rig.SOURCE.logstore(), 0, bytes);
        }
        rig.writeToAll("after", 10, "t");
    }

    /** Groups of a field that no log group has, each within the one before. */
    private static byte[] nested(int depth) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(TestGroups.group("t", "nested"));
        for (int i = 0; i < depth; i++) {
            bytes.writeBytes(new byte[] {(byte) 0xA3, 0x06});
        }
        for (int i = 0; i < depth; i++) {
            bytes.writeBytes(new byte[] {(byte) 0xA4, 0x06});
        }
        return bytes.toByteArray();
    }

    @Test
    void theyFailTheJobUntilTheyHaveATarget() throws Exception {
        for (int run = 0; run < 2; run++) {
            try (RunningJob job = RunningJob.start(rig.config("", ROUTES.formatted("fail")), 1)) {
                assertThatThrownBy(job::awaitEnd)
                        .hasStackTraceContaining("cannot be parsed")
                        .hasStackTraceContaining("'dispatch.on-malformed' is 'fail'");
            }
        }

        try (RunningJob job = RunningJob.start(rig.config("", ROUTES.formatted("rest")), 1)) {
            job.awaitWhileRunning(
                    "those that can be read", any -> assertThat(arrived()).hasSizeGreaterThanOrEqualTo(20));
            job.awaitWhileRunning("the others, which the service refuses", any -> assertThat(letters())
                    .containsExactlyInAnyOrder(GroupDigest.of(CUT), GroupDigest.of(nested(10_000))));
        }

        InProcess redrive = InProcess.run("redrive", "--config", rig.file("", ROUTES.formatted("rest")));

        assertThat(redrive.exitCode()).as(redrive.out() + redrive.err()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(redrive.out()).contains("PostBodyInvalid");
        assertThat(rig.entries("rest")).isEmpty();
    }

    private List<GroupDigest> arrived() throws IOException {
        return rig.entries("target").stream().map(LedgerEntry::digest).toList();
    }

    private List<GroupDigest> letters() throws IOException {
        List<GroupDigest> digests = new ArrayList<>();
        try (SlsClient client = rig.client()) {
            new LetterBox(client, Letters.LOGSTORE)
                    .of("rest")
                    .entries()
                    .forEachRemaining(entry -> digests.add(entry.digest()));
        }
        return digests;
    }
}

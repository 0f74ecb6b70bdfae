package io.slsdispatch.job.probe;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.model.LogstoreId;
import java.util.List;

/** Questions about consumer groups. They are deleted with their logstore. */
final class GroupProbe {

    private static final int SHARD = 0;
    private static final String NAME = "probe-";

    private final ServiceApi api;
    private final LogstoreId logstore;
    private final Findings findings;

    GroupProbe(ServiceApi api, LogstoreId logstore, Findings findings) {
        this.api = api;
        this.logstore = logstore;
        this.findings = findings;
    }

    void run() throws StoppedException, InterruptedException {
        findings.ask(List.of(Assumption.COMMIT_WITHOUT_CONSUMER, Assumption.FORCE_SUCCESS), this::commits);
        findings.ask(List.of(Assumption.CODE_GROUP_QUOTA), this::quota);
    }

    private void commits() throws NotProbedException, StoppedException, InterruptedException {
        api.calls().countGroup();
        String group = NAME + "commits";
        api.createGroup(logstore, group).ok();
        String cursor = ServiceApi.cursorIn(api.cursor(logstore, SHARD, "begin"));
        findings.saw(
                Assumption.COMMIT_WITHOUT_CONSUMER,
                api.commit(logstore, group, "", true, SHARD, cursor).answer());
        Reply unforced = api.commit(logstore, group, "unknown-consumer", false, SHARD, cursor);
        if (unforced.isRefused(ErrorKind.UNAUTHORIZED)) {
            unforced.ok();
        }
        findings.saw(
                Assumption.FORCE_SUCCESS,
                unforced.answer().equals("accepted") ? "not needed" : Assumption.FORCE_SUCCESS.assumed());
    }

    private void quota() throws NotProbedException, StoppedException, InterruptedException {
        for (int number = 1; api.calls().countGroup(); number++) {
            Reply reply = api.createGroup(logstore, NAME + number);
            if (!reply.isOk()) {
                findings.saw(Assumption.CODE_GROUP_QUOTA, reply.answer());
                return;
            }
        }
        findings.saw(Assumption.CODE_GROUP_QUOTA, "none for " + MeteredCalls.MOST_GROUPS + " groups");
    }
}

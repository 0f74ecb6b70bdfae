package io.slsdispatch.e2e;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;

import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Projects of an SLS Local, each with a source and the targets 'good' and 'bad', for one job each. */
final class StatusProjects {

    private static final int SHARDS = 2;

    private final SlsLocal sls;
    private final Path folder;

    /** @param folder for the files of configurations */
    StatusProjects(SlsLocal sls, Path folder) {
        this.sls = sls;
        this.folder = folder;
    }

    /** Creates the logstores of a project. */
    void create(String project, boolean isBadThere) {
        sls.createLogstore(project, "all-logs", SHARDS);
        sls.createLogstore(project, "good", SHARDS);
        if (isBadThere) {
            sls.createLogstore(project, "bad", SHARDS);
        }
    }

    /** Each pull brings one group, and takes a while. */
    void slowDown(String project) {
        fault(
                project,
                Operation.PULL_LOGS,
                new Effect.Delay(Duration.ofMillis(100), Duration.ZERO, Effect.Moment.BEFORE));
    }

    void write(String project, int groups, String... topics) {
        for (int i = 0; i < groups * SHARDS; i++) {
            byte[] group = logGroup()
                    .log(1_700_000_000, "number", "line " + i)
                    .topic(topics[i / SHARDS % topics.length])
                    .toBytes();
            sls.put(project, "all-logs", i % SHARDS, group);
        }
    }

    void strike(String project, Effect effect) {
        sls.faults()
                .add(Fault.always(effect)
                        .on(Operation.PUT_LOGS)
                        .inProject(project)
                        .inLogstore("bad"));
    }

    void fault(String project, Operation operation, Effect effect) {
        sls.faults().add(Fault.always(effect).on(operation).inProject(project));
    }

    void removeFaults(String project) {
        sls.faults().list().stream()
                .filter(view -> view.fault().equals(view.fault().inProject(project)))
                .forEach(view -> sls.faults().remove(view.id()));
    }

    String one(String project, String source, String rest) throws IOException {
        return config(project, source + "\npull: {max-groups: 1}", "", rest);
    }

    /** The file of a configuration with what the defaults would make slow. */
    String config(String project, String source, String bad, String rest) throws IOException {
        String keys = "credentials: {access-key-id: '${SLS_AK_ID}', access-key-secret: '${SLS_AK_KEY}'}\n";
        String text = "source:\n"
                + ("endpoint: " + sls.endpoint() + "\nproject: " + project + "\nlogstore: all-logs\n"
                                + "discovery: {listing-margin: 1s, settle-time: 0s}\n"
                                + (source.startsWith("credentials") ? "" : keys) + source.strip())
                        .indent(2)
                + "targets:\n  - {name: good, logstore: good}\n  - {name: bad, logstore: bad" + bad + "}\n" + rest;
        return Files.writeString(folder.resolve(project + ".yaml"), text).toString();
    }
}

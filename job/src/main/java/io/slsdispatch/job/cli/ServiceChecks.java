package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.yaml.Suggestion;
import java.util.ArrayList;
import java.util.List;

/** Checks against the service that change nothing. Each returns a description of what it found. */
final class ServiceChecks {

    /** Source: the service's documentation, "Use consumer groups to consume logs". */
    private static final int MAX_CONSUMER_GROUPS = 30;

    /** An invalid log group: a tag whose declared length exceeds the message. */
    private static final byte[] NO_LOG_GROUP = {0x32, 0x7f, 0x0a};

    private static final String NO_HASH_KEY = "not-a-hash-key";

    /** Thrown when the service responds, and the response means that the job would not work. */
    static final class NotReadyException extends Exception {

        private static final long serialVersionUID = 1L;

        NotReadyException(String message) {
            super(message);
        }
    }

    private ServiceChecks() {}

    /** Makes every request that reading needs, including a pull at the end of a shard, which returns nothing. */
    static String canBeRead(SlsClient client, LogstoreId logstore) throws SlsException, InterruptedException {
        client.checkLogstore(logstore);
        List<Shard> shards = client.listShards(logstore);
        if (!shards.isEmpty()) {
            int shard = shards.get(0).id();
            String end = client.cursor(logstore, shard, new CursorOrigin.End());
            SlsFutures.await(client.pull(new PullRequest(logstore, shard, end, 1, null)));
        }
        return shards.size() + " shards, readable";
    }

    /**
     * Tries a write that cannot be stored: neither its body nor its hash key is valid. When the writer has the
     * permission, the service refuses the request as invalid; otherwise it refuses it for the missing permission, which
     * it checks first.
     */
    static String canBeWritten(SlsClient client, LogstoreId logstore)
            throws SlsException, NotReadyException, InterruptedException {
        client.checkLogstore(logstore);
        RawLogGroup impossible = new RawLogGroup(NO_LOG_GROUP, 0, NO_LOG_GROUP.length, "", 0, "", 0);
        try {
            SlsFutures.await(client.put(new PutRequest(logstore, List.of(impossible), NO_HASH_KEY)));
        } catch (SlsException failure) {
            if (failure.kind() == ErrorKind.INVALID_REQUEST) {
                return logstore + " exists and is writable (a test write was rejected only because of its invalid"
                        + " content)";
            }
            throw failure;
        }
        throw new NotReadyException("accepted a write with invalid content: the endpoint is not the real service");
    }

    /**
     * Checks a target by template as far as that changes nothing: which of its logstores exist, and with one of them
     * that they can be written, and created. To create a logstore that exists changes nothing; the service refuses it
     * as existing only when the permission is there, which it checks first.
     */
    static String canBeUsed(SlsClient client, JobConfig.Template target)
            throws SlsException, NotReadyException, InterruptedException {
        DynamicSinkConfig config = target.config();
        List<String> existing = logstores(client, config.project()).stream()
                .filter(name -> target.names().problemOf(name) == null)
                .sorted()
                .toList();
        String found =
                existing.size() + " of at most " + config.maxLogstores() + " logstores exist in " + config.project();
        if (existing.size() > config.maxLogstores()) {
            throw new NotReadyException(
                    found + ": no further one is created. Raise 'max-logstores', or narrow 'allow'.");
        }
        LogstoreSettings create = config.whenMissing().create();
        if (existing.isEmpty()) {
            return found + "; whether they can be " + (create == null ? "" : "created and ")
                    + "written is not known before one exists";
        }
        LogstoreId first = new LogstoreId(config.project(), existing.get(0));
        canBeWritten(client, first);
        if (create == null) {
            return found + "; " + first.logstore() + " is writable";
        }
        try {
            client.createLogstore(first, create);
        } catch (SlsException failure) {
            if (failure.kind() != ErrorKind.ALREADY_EXISTS) {
                throw failure;
            }
        }
        return found + "; " + first.logstore() + " is writable, and logstores can be created";
    }

    private static List<String> logstores(SlsClient client, String project) throws SlsException {
        List<String> names = new ArrayList<>();
        int total = 0;
        int found;
        do {
            SlsClient.LogstorePage page =
                    client.listLogstores(project, names.size(), SlsClient.MAX_LOGSTORES_OF_A_PAGE);
            names.addAll(page.names());
            found = page.names().size();
            total = page.total();
        } while (found > 0 && names.size() < total);
        return names;
    }

    static String takesProgress(SlsClient client, LogstoreId logstore, String group)
            throws SlsException, NotReadyException {
        List<String> groups = client.consumerGroups(logstore);
        if (groups.contains(group)) {
            return "exists, with cursors for " + cursors(client, logstore, group) + " shards";
        }
        if (groups.size() >= MAX_CONSUMER_GROUPS) {
            throw new NotReadyException("does not exist, and the logstore already has the maximum of " + groups.size()
                    + " consumer groups. The job would run without saving progress. Delete an unused group.");
        }
        return "does not exist and will be created; the logstore has " + groups.size() + " of " + MAX_CONSUMER_GROUPS;
    }

    static String hasCursors(SlsClient client, LogstoreId logstore, String group)
            throws SlsException, NotReadyException {
        List<String> groups = client.consumerGroups(logstore).stream().sorted().toList();
        if (!groups.contains(group)) {
            throw new NotReadyException("does not exist, so the job would not continue where its predecessor stopped. "
                    + (groups.isEmpty()
                            ? "The logstore has no consumer groups."
                            : "The logstore has " + String.join(", ", groups) + ". "
                                    + Suggestion.near(group, groups)
                                            .map(near -> "Did you mean '" + near + "'?")
                                            .orElse(""))
                    + " Correct the name, or set 'start' (SLS_START) to 'begin', 'end' or a time.");
        }
        return "exists, with cursors for " + cursors(client, logstore, group) + " shards";
    }

    private static int cursors(SlsClient client, LogstoreId logstore, String group) throws SlsException {
        return client.consumerGroupCursors(logstore, group).size();
    }
}

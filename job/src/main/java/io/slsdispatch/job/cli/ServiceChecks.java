package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.job.yaml.Suggestion;
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

package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** What can be asked of the service without changing anything. Each gives what was found, for people. */
final class ServiceQuestions {

    /** Of the service's documentation, "Use consumer groups to consume logs". */
    private static final int MAX_CONSUMER_GROUPS = 30;

    /** The service answers, and the answer is that it would not work. */
    static final class NotReadyException extends Exception {

        private static final long serialVersionUID = 1L;

        NotReadyException(String message) {
            super(message);
        }
    }

    private ServiceQuestions() {}

    /** Asks for everything that reading needs, down to a pull at the end of a shard, which brings nothing. */
    static String canBeRead(SlsClient client, LogstoreId logstore) throws SlsException, InterruptedException {
        client.checkLogstore(logstore);
        List<Shard> shards = client.listShards(logstore);
        if (!shards.isEmpty()) {
            int shard = shards.get(0).id();
            String end = client.cursor(logstore, shard, new CursorOrigin.End());
            try {
                client.pull(new PullRequest(logstore, shard, end, 1, null)).get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SlsException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        return shards.size() + " shards, can be read";
    }

    static String isThere(SlsClient client, LogstoreId logstore) throws SlsException {
        client.checkLogstore(logstore);
        return logstore + " is there; writing is not tried";
    }

    static String takesProgress(SlsClient client, LogstoreId logstore, String group)
            throws SlsException, NotReadyException {
        List<String> groups = client.consumerGroups(logstore);
        if (groups.contains(group)) {
            return "is there, with cursors for " + cursors(client, logstore, group) + " shards";
        }
        if (groups.size() >= MAX_CONSUMER_GROUPS) {
            throw new NotReadyException("is not there, and the logstore has " + groups.size()
                    + " consumer groups already, as many as it may have. The job would run and show no progress."
                    + " Delete a group that nobody uses.");
        }
        return "is not there and will be created; the logstore has " + groups.size() + " of " + MAX_CONSUMER_GROUPS;
    }

    static String standsSomewhere(SlsClient client, LogstoreId logstore, String group)
            throws SlsException, NotReadyException {
        if (!client.consumerGroups(logstore).contains(group)) {
            throw new NotReadyException("is not there, so that every shard would begin at the fallback. Correct its"
                    + " name, or start somewhere else.");
        }
        return "is there, with cursors for " + cursors(client, logstore, group) + " shards";
    }

    private static int cursors(SlsClient client, LogstoreId logstore, String group) throws SlsException {
        return client.consumerGroupCursors(logstore, group).size();
    }
}

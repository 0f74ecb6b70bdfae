package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClient.LogstorePage;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.NamePatterns;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.put.PutThread;
import io.slsdispatch.connector.task.GuardedTasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls about logstores on a thread of their own, and returns their results on the task thread. Each ends,
 * because each call of the client does. What is not a failure of the service fails the writer.
 *
 * @param target the name of the target, for messages
 */
record LogstoreCalls(String target, String project, SlsClient client, PutThread thread, Executor executor) {

    /** Protects the service from a listing that never ends. */
    private static final int MOST_PAGES = 200;

    /**
     * The names of the allowed logstores.
     *
     * @param calls how many calls it took
     */
    record Listing(Set<String> names, int calls) {}

    /**
     * The result of one creation.
     *
     * @param failure null when the logstore was created
     */
    record Creation(String name, @Nullable SlsException failure) {}

    /** Receives a result on the task thread. */
    @FunctionalInterface
    interface Result<T> {
        void of(T result) throws IOException;
    }

    /** Lists all allowed logstores. */
    void list(NamePatterns allowed, Result<Listing> result, Result<SlsException> failed) {
        run(() -> listAll(allowed), result, failed);
    }

    private Listing listAll(NamePatterns allowed) throws SlsException {
        Set<String> names = new HashSet<>();
        int seen = 0;
        int calls = 0;
        LogstorePage page;
        do {
            page = client.listLogstores(project, seen, SlsClient.MAX_LOGSTORES_OF_A_PAGE);
            calls++;
            seen += page.names().size();
            page.names().stream().filter(allowed::allow).forEach(names::add);
        } while (!page.names().isEmpty() && seen < page.total() && calls < MOST_PAGES);
        return new Listing(Set.copyOf(names), calls);
    }

    /** Creates logstores one after the other, until one fails for a reason that concerns all of them. */
    void create(List<String> names, LogstoreSettings settings, Result<List<Creation>> result) {
        run(() -> createAll(names, settings), result, error -> {
            throw new IllegalStateException("creations report their failures one by one", error);
        });
    }

    private List<Creation> createAll(List<String> names, LogstoreSettings settings) {
        List<Creation> results = new ArrayList<>();
        for (String name : names) {
            try {
                client.createLogstore(new LogstoreId(project, name), settings);
                results.add(new Creation(name, null));
            } catch (SlsException e) {
                results.add(new Creation(name, e));
                if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                    break;
                }
            }
        }
        return results;
    }

    private <T> void run(Callable<T> call, Result<T> result, Result<SlsException> failed) {
        GuardedTasks.whenDone(
                GuardedTasks.call(executor, call),
                (value, error) -> thread.execute(
                        () -> {
                            if (error instanceof SlsException exception) {
                                failed.of(exception);
                            } else if (error != null || value == null) {
                                throw broken(error);
                            } else {
                                result.of(value);
                            }
                        },
                        "result of a call about logstores"),
                lost -> thread.execute(
                        () -> {
                            throw broken(lost);
                        },
                        "lost result of a call about logstores"));
    }

    private IOException broken(@Nullable Throwable error) {
        return new IOException(
                "target '" + target + "': a call about logstores failed with an error that did not come from the"
                        + " service: " + error,
                error);
    }
}

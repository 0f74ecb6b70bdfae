package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.testing.UnsupportedSlsClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** A project of the service whose logstores can be created and deleted, and take puts after a while. */
final class FakeProject {

    static final String NAME = "my-project";
    static final LogstoreSettings SETTINGS = new LogstoreSettings(2, 30, true, 64);

    /** A logstore. */
    static final class Store {
        final LogstoreSettings settings;
        final long readyAt;
        final List<RawLogGroup> groups = new ArrayList<>();

        Store(LogstoreSettings settings, long readyAt) {
            this.settings = settings;
            this.readyAt = readyAt;
        }
    }

    /** A put that has no answer yet. */
    record Open(PutRequest request, CompletableFuture<Void> answer) {}

    final Map<String, Store> stores = new TreeMap<>();
    final List<String> createCalls = new ArrayList<>();
    final List<PutRequest> puts = new ArrayList<>();
    final List<Open> open = new ArrayList<>();
    int listCalls;
    int mostStores;
    Duration readyAfter = Duration.ZERO;
    Function<String, SlsException> createFailures = name -> null;
    Function<PutRequest, SlsException> putFailures = put -> null;
    Predicate<PutRequest> hangs = put -> false;
    SlsException listFailure;
    Error breaks;
    private final LongSupplier now;

    FakeProject(LongSupplier now) {
        this.now = now;
    }

    void add(String name) {
        stores.put(name, new Store(SETTINGS, now.getAsLong()));
    }

    List<Integer> storedIn(String name) {
        return stores.containsKey(name)
                ? stores.get(name).groups.stream().map(RawLogGroup::index).toList()
                : List.of();
    }

    static SlsException error(String operation, int status, String code) {
        return new SlsException(
                ErrorCodes.kind(operation, code, status),
                operation,
                NAME,
                status,
                code,
                "R-1",
                "said the service",
                null);
    }

    /** Answers the puts that are open, as if they had just come. */
    void answerOpen() {
        for (Open put : List.copyOf(open)) {
            open.remove(put);
            answer(put.request, put.answer);
        }
    }

    private void answer(PutRequest request, CompletableFuture<Void> answer) {
        SlsException failure = putFailures.apply(request);
        Store store = stores.get(request.logstore().logstore());
        if (failure == null && (store == null || now.getAsLong() < store.readyAt)) {
            failure = error("PutLogs", 404, "LogStoreNotExist");
        }
        if (failure == null) {
            store.groups.addAll(request.groups());
            answer.complete(null);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    SlsClient client() {
        return new Client();
    }

    private final class Client extends UnsupportedSlsClient {

        private boolean closed;

        @Override
        public CompletableFuture<Void> put(PutRequest request) {
            synchronized (FakeProject.this) {
                return putAlone(request);
            }
        }

        private CompletableFuture<Void> putAlone(PutRequest request) {
            puts.add(request);
            CompletableFuture<Void> answer = new CompletableFuture<>();
            if (hangs.test(request)) {
                open.add(new Open(request, answer));
            } else {
                answer(request, answer);
            }
            return answer;
        }

        @Override
        public LogstorePage listLogstores(String project, int offset, int size) throws SlsException {
            synchronized (FakeProject.this) {
                return page(offset, size);
            }
        }

        private LogstorePage page(int offset, int size) throws SlsException {
            listCalls++;
            check("ListLogStores");
            if (listFailure != null) {
                throw listFailure;
            }
            List<String> names = List.copyOf(stores.keySet());
            // Small pages show whether all are read.
            int end = Math.min(names.size(), offset + Math.min(size, 7));
            return new LogstorePage(names.size(), names.subList(Math.min(offset, end), end));
        }

        @Override
        public void createLogstore(LogstoreId logstore, LogstoreSettings settings) throws SlsException {
            synchronized (FakeProject.this) {
                createAlone(logstore, settings);
            }
        }

        private void createAlone(LogstoreId logstore, LogstoreSettings settings) throws SlsException {
            String name = logstore.logstore();
            createCalls.add(name);
            check("CreateLogStore");
            SlsException failure = createFailures.apply(name);
            if (failure != null) {
                throw failure;
            }
            if (stores.containsKey(name)) {
                throw error("CreateLogStore", 400, "LogStoreAlreadyExist");
            }
            stores.put(name, new Store(settings, now.getAsLong() + readyAfter.toNanos()));
            mostStores = Math.max(mostStores, stores.size());
        }

        private void check(String operation) throws SlsException {
            if (breaks != null) {
                throw breaks;
            }
            if (closed) {
                throw new SlsException(
                        ErrorKind.UNAVAILABLE, operation, NAME, -1, "Closed", "", "the client was closed", null);
            }
        }

        @Override
        public Optional<java.time.Instant> credentialsExpiration() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
